import type { Masking } from './masking.js';

/** Prefixes that only tokens have. Letters may precede them: `keyghp_...`. */
const distinctPrefixes = [
  'gh[opsur]_', // GitHub
  'github_pat_',
  'gl(?:pat|ptt|dt|rt|cbt|soat|ft|agent|imt)-', // GitLab
  'npm_',
  'pypi-',
  'hf_', // Hugging Face
  'api_org_',
  'gsk_', // Groq
  'AIza', // Google
  'ya29\\.',
  'GOCSPX-',
  '(?:sk|rk|pk)_(?:live|test)_', // Stripe
  'whsec_',
  'xox[abceoprsd]-', // Slack
  'xapp-',
  'dop_v1_|doo_v1_|dor_v1_', // DigitalOcean
  'shp(?:at|ss|ca|pa)_', // Shopify
  'sq0(?:atp|csp|idp)-', // Square
  'dckr_pat_|dckr_oat_', // Docker
  'lin_api_',
  'ntn_',
  'ATATT3|ATCTT3|ATBB', // Atlassian
  'hv[sbr]\\.', // Vault
  'dp\\.(?:pt|st|sa|ct)\\.', // Doppler
  'rubygems_',
  'pscale_(?:tkn|pw|oauth)_',
  'NRAK-',
  'sntry[su]_',
  'gl(?:sa|c)_', // Grafana
  'figd_',
  'PMAK-',
  'HRKU-',
  'FlyV1 fm\\d_|fo1_',
  'sbp_',
  'EAACEdEose0cBA',
  'AGE-SECRET-KEY-1',
  'xkeysib-',
  'LS0tLS1CRUdJTi', // "-----BEGIN " in base64
];

/** Tokens whose prefix also occurs in words. No letter or digit may precede them, and the rest has a fixed shape. */
const fixedShapes = [
  'sk-(?=[\\w-]{0,64}\\d)[\\w-]{16,}', // OpenAI, Anthropic
  'dapi[0-9a-f]{32}', // Databricks
  'key-[0-9a-f]{32}', // Mailgun
  'secret_[A-Za-z0-9]{40,}', // Notion
  'pat[A-Za-z0-9]{14}\\.[0-9a-f]{40,}', // Airtable
  'oy2[a-z0-9]{43}', // NuGet
  '1\\/\\/0[\\w-]{20,}', // Google refresh token
  '(?:AC|SK)[0-9a-f]{32}(?![0-9a-z])', // Twilio
];

/**
 * Whether a run changes between lower case, upper case and digits as often as random characters do. Names and paths
 * change less often.
 * @param share the least number of changes per character
 */
function changesOften(run: string, share: number): boolean {
  const kinds = run.match(/[a-z]+|[A-Z]+|\d+/g) ?? [];
  const length = kinds.reduce((sum, kind) => sum + kind.length, 0);
  return kinds.length > length * share;
}

/** Whether a long run is likely a token: it has several groups of lower case, upper case and digits. */
function looksRandom(run: string): boolean {
  const groups = (kind: RegExp) => run.match(kind)?.length ?? 0;
  return groups(/[a-z]+/g) >= 3 && groups(/[A-Z]+/g) >= 3 && groups(/\d+/g) >= 2 && changesOften(run, 0.35);
}

/** Private keys. A key without an end mark extends to the end of the text. */
export const privateKeys: readonly Masking[] = [
  {
    needs: ['begin '],
    pattern:
      /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}[\s\S]*?(?:-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|$)/gi,
    mask: '<private-key>',
  },
  {
    needs: ['putty-user-key-file'],
    pattern: /PuTTY-User-Key-File-\d[\s\S]*?(?:Private-MAC:\s?\S*|$)/g,
    mask: '<private-key>',
  },
];

/** Secrets that are recognised by their own shape. */
export const tokenShapes: readonly Masking[] = [
  {
    needs: ['://'],
    pattern:
      /(https?:\/\/(?:hooks\.slack(?:-gov)?\.com\/|(?:[\w-]{1,40}\.)?discord(?:app)?\.com\/api\/webhooks\/|[\w.-]{1,80}\.office(?:365)?\.com\/webhook|api\.telegram\.org\/bot))[^\s"'<>]+/gi,
    mask: '$1<secret>',
  },
  { pattern: new RegExp(String.raw`(?:${distinctPrefixes.join('|')})[\w.+/=-]{12,}`, 'g'), mask: '<secret>' },
  {
    pattern: new RegExp(String.raw`(?<![A-Za-z0-9-])(?:${fixedShapes.join('|')})`, 'g'),
    mask: '<secret>',
  },
  { needs: ['sg.'], pattern: /SG\.[\w-]{16,}\.[\w-]{16,}/g, mask: '<secret>' }, // SendGrid
  { needs: ['-us'], pattern: /(?<![0-9a-f])[0-9a-f]{32}-us\d{1,2}(?!\w)/g, mask: '<secret>' }, // Mailchimp
  { pattern: /(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z0-9]{16}(?![A-Z0-9])/g, mask: '<secret>' }, // AWS
  { pattern: /(?<!\d)\d{8,10}:[\w-]{35}(?![\w-])/g, mask: '<secret>' }, // Telegram
  { needs: ['.atlasv1.'], pattern: /[\w.-]{14}\.atlasv1\.[\w-]{20,}/g, mask: '<secret>' }, // Terraform
  { needs: ['eyj'], pattern: /eyJ(?:[\w-]{10,}|[\w-]{5,9}\.[\w-]{5,})(?:\.[\w-]*){0,4}/g, mask: '<secret>' }, // JWT, and other JSON in base64
  { pattern: /(?<![0-9a-f])[0-9a-f]{64,}(?![0-9a-z])/gi, mask: '<secret>' },
  // AWS: the secret beside an access key.
  {
    pattern: /(?<![\w+/-])(?=[A-Za-z0-9]{0,39}[+/])(?=[^\d]{0,39}\d)[A-Za-z0-9+/]{40}(?![\w+/=-])/g,
    mask: (run) => (/[a-z]/.test(run) && /[A-Z]/.test(run) && changesOften(run, 0.3) ? '<secret>' : run),
  },
  {
    pattern: /(?<![\w+/-])[\w+/-]{32,}={0,2}/g,
    mask: (run) => (looksRandom(run) ? '<secret>' : run),
  },
];
