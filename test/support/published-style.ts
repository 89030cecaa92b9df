import type { Random } from '../../src/math/random.js';
import { seededRandom, shuffled } from '../../src/math/random.js';

/** A row of a labelled CSV. */
export type LabelledRow = readonly [source: string, message: string, label: string];

/** How many rows each label has: few labels hold most of them, two are next to absent. */
const COUNTS = {
  'HTTP Status': 1010,
  'Security Alert': 370,
  'System Notification': 355,
  Error: 178,
  'Resource Usage': 177,
  'Critical Error': 160,
  'User Action': 143,
  'Workflow Error': 4,
  'Deprecation Warning': 3,
} as const;

type Label = keyof typeof COUNTS;

const SOURCES = ['ModernCRM', 'ModernHR', 'BillingSystem', 'AnalyticsEngine', 'ThirdPartyAPI'] as const;

/** What a message is put together from: a part of each list. */
const PARTS: Record<Label, readonly (readonly string[])[]> = {
  'HTTP Status': [
    ['nova.api.wsgi ', 'gateway.access ', 'portal.http '],
    ['"GET /v2/#/', '"POST /v2/#/', '"DELETE /v1/#/'],
    ['servers/detail', 'volumes', 'images/active', 'flavors'],
    [' HTTP/1.1" status: 200', ' HTTP/1.1" RCODE 404', ' HTTP/1.1" Return code: 500', ' HTTP/1.1" HTTP status code - 202'], // prettier-ignore
    [' len: # time: 0.#'],
  ],
  'Security Alert': [
    ['Multiple failed login attempts', 'Repeated bad passwords', 'Brute force login', 'Unauthorized access', 'Privilege escalation attempt', 'Suspicious login'], // prettier-ignore
    [' detected for', ' blocked on', ' reported against'],
    [' user #', ' account Account#', ' server #', ' the admin console', ' API key holder #'],
    [' from an unknown IP', ' after # tries', '', ', possible breach'],
  ],
  'System Notification': [
    ['Backup', 'Scheduled reboot', 'Index rebuild', 'Software update', 'Cache refresh', 'Log rotation'],
    [' of node #', ' of volume vol#', ' of the cluster', ''],
    [' completed successfully', ' started on schedule', ' finished at #:#', ' is in progress'],
    ['.', ' by the scheduler.'],
  ],
  Error: [
    [
      'Data replication',
      'Service health check',
      'Shard copy',
      'Mail delivery',
      'Input validation',
      'SSL handshake',
    ],
    [' task for shard #', ' of module X#', ' for service SV#', ' on host #'],
    [' failed', ' did not complete', ' ended with an exception', ' timed out'],
    ['', ', will be retried', ' because of a bad format'],
  ],
  'Resource Usage': [
    ['nova.compute.claims ', 'hypervisor.resources ', ''],
    ['Total memory: # MB, used: # MB', 'Memory limit: # MB, free: # MB', 'disk limit not specified, used # GB', 'Total vcpu: # VCPU, used: # VCPU', 'CPU usage at #% of # cores'], // prettier-ignore
    ['', ' on node #', ' for instance #'],
  ],
  'Critical Error': [
    ['Email service', 'RAID array #', 'Boot process of node #', 'Kernel of host #', 'System configuration', 'Primary database'], // prettier-ignore
    [
      ' crashed',
      ' is down',
      ' is corrupted',
      ' suffered a fatal fault',
      ' failed on several disks, data is lost',
    ],
    ['', '; immediate action is needed', ' and cannot recover'],
  ],
  'User Action': [
    ['User User#', 'Account Account#', 'Operator User#'],
    [' logged in', ' logged out', ' changed the password', ' updated the profile', ' created a report'],
    ['.', ' from the web client.', ' on host #.'],
  ],
  'Workflow Error': [['Case escalation', 'Lead conversion'], [' for ticket #', ' for customer #'], [' failed: no agent is assigned', ' was not approved: approver missing']], // prettier-ignore
  'Deprecation Warning': [['The export module', 'API endpoint getCustomer', 'The report generator'], [' is deprecated and will be removed in version #.0']], // prettier-ignore
};

/**
 * A labelled set in the style of the published ones: 2,400 short synthetic rows of few patterns, nine labels,
 * two of them with three or four rows. The same one every time.
 */
export function publishedStyle(): { train: LabelledRow[]; heldOut: LabelledRow[] } {
  const random = seededRandom(2400);
  const rows = Object.entries(COUNTS).flatMap(([label, count]) =>
    Array.from({ length: count }, () => makeRow(label as Label, random)),
  );
  const mixed = shuffled(rows, random);
  const cut = Math.round(mixed.length * 0.7);
  return { train: mixed.slice(0, cut), heldOut: mixed.slice(cut) };
}

function makeRow(label: Label, random: Random): LabelledRow {
  const pick = (choices: readonly string[]): string => choices[Math.floor(random() * choices.length)] ?? '';
  const message = PARTS[label].map(pick).join('');
  const number = (): string => String(1 + Math.floor(random() * 9999));
  return [pick(SOURCES), message.replace(/#/g, number), label];
}
