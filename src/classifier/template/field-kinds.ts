/** What a field of a record says. `rank` orders the fields of one role. */
export interface FieldKind {
  /**
   * - `message`: what happened, in words.
   * - `cause`: an error, an event, an action or an outcome.
   * - `http`: method, path or status of a request.
   * - `time`: a time, which never tells.
   * - `context`: where and by whom the record was written. It tells only if nothing else does.
   * - `other`: any other field.
   */
  readonly role: 'message' | 'cause' | 'http' | 'time' | 'context' | 'other';
  readonly rank: number;
  /** The name under which the template has the field. */
  readonly name: string;
  /** Whether the value is a text with gaps for parameters, as Serilog writes it beside the message. */
  readonly isTemplate?: boolean;
}

const MESSAGES = listOf(
  'logmessage message msg atmessage renderedmessage @m log text shortmessage body stringvalue textpayload',
  'line content raw fullmessage messagetemplate @mt original event title',
);
const TEMPLATES = new Set(listOf('messagetemplate @mt original'));
const CAUSES = listOf(
  'error err exception reason cause event outcome result status title detail details description',
  'verdict decision action operation operationname eventname eventtype activity',
);
const ERRORS = new Set(listOf('error err exception exc errors failure thrown fault'));
/** What objects that describe an error call its parts. */
const ERROR_PARTS = new Set([
  ...ERRORS,
  ...listOf('message msg reason detail description type name kind class code cause text'),
]);
const STACKS = new Set(
  listOf('stack stacktrace excinfo backtrace traceback extendedstacktrace exceptionstack @x'),
);
const TIMES = new Set(
  listOf(
    'time timestamp ts @timestamp attimestamp date datetime @t asctime created epoch timeunixnano',
    'observedtimeunixnano observedtimestamp timemillis instant epochsecond nanoofsecond $date eventtime ingestiontime',
    'starttime endtime realtimetimestamp monotonictimestamp sourcerealtimetimestamp msecs relativecreated',
  ),
);
const CONTEXT = new Set(
  listOf(
    'level lvl severity loglevel levelname levelno levelvalue severitytext severitynumber priority @l levelstring',
    'host hostname pid processid processname process thread threadname threadid threadpriority tid endofbatch loggerfqcn',
    'logger loggername name namespace service servicename app application appname program source sourcecontext tag tags',
    'stream facility v version @version schemaversion caller file filename pathname line lineno func funcname function module',
    'traceid spanid traceflags transactionid requestid reqid correlationid flags partial logtag index type',
    'component environment env region cluster node pod container labels label t s c ctx id user uid gid messageid @i @r',
    'syslogidentifier syslogfacility syslogpid codefile codeline codefunc transport machineid bootid cursor',
    'insertid logname loggroup logstream messagetype projectid owner dataset dropattributescount droppedattributescount schemaurl',
  ),
);
/** Objects whose fields are all context. */
const CONTEXT_GROUPS = new Set(
  listOf(
    'kubernetes k8s docker host process agent ecs resource service container cloud trace span attributes scope',
    'ctx context properties mdc contextmap labels tags origin observer input metadata beat fluentd instrumentationscope orchestrator',
  ),
);
const METHODS = new Set(listOf('method verb httpmethod requestmethod'));
const PATHS = new Set(
  listOf('path url uri requesturi requesturl requestpath request target route endpoint rawpath httppath'),
);
const STATUSES = new Set(
  listOf('status statuscode responsestatus httpstatus httpstatuscode responsecode elbstatuscode scstatus'),
);

/** Kinds of fields that were seen before, because most records of an input have the same fields. */
const known = new Map<string, FieldKind>();
const MAX_KNOWN = 5_000;

/** Returns the kind of a field. A value of digits is no cause, and a value that is not a string is no message. */
export function kindOf(path: readonly string[], isWords: boolean): FieldKind {
  const id = `${isWords ? 'w' : 'n'}${path.join('.')}`;
  let kind = known.get(id);
  if (kind === undefined) {
    kind = find(id.slice(1).split('.').slice(-12), isWords);
    if (known.size >= MAX_KNOWN) known.clear();
    if (id.length < 200) known.set(id, kind);
  }
  return kind;
}

function find(path: readonly string[], isWords: boolean): FieldKind {
  const names = path.map(comparable);
  const last = names[names.length - 1] ?? '';
  const own = path[path.length - 1] ?? '';
  const groups = names.slice(0, -1);
  if (TIMES.has(last) || groups.some((group) => TIMES.has(group)))
    return { role: 'time', rank: 0, name: own };
  if (STACKS.has(last)) return { role: 'cause', rank: 1, name: 'error' };
  const inError = groups.some((group) => ERRORS.has(group));
  if ((inError && ERROR_PARTS.has(last)) || ERRORS.has(last))
    return { role: 'cause', rank: 0, name: 'error' };
  const isContext = groups.some((group) => CONTEXT_GROUPS.has(group));
  const rank = MESSAGES.indexOf(last);
  if (isWords && rank !== -1 && !isContext && (last !== 'stringvalue' || groups.includes('body')))
    return {
      role: 'message',
      rank: names.length * 100 + rank,
      name: own,
      isTemplate: TEMPLATES.has(last),
    };
  if (isContext || isHidden(path) || groups[0] === 'log') return { role: 'context', rank: 0, name: own };
  const http = httpRank(last, groups, isWords);
  if (http !== -1) return { role: 'http', rank: http, name: ['method', 'path', 'status'][http] ?? own };
  const cause = CAUSES.indexOf(last);
  if (isWords && cause !== -1) return { role: 'cause', rank: cause + 2, name: own };
  return { role: CONTEXT.has(last) ? 'context' : 'other', rank: 0, name: own };
}

function httpRank(last: string, groups: readonly string[], isWords: boolean): number {
  if (METHODS.has(last)) return 0;
  if (PATHS.has(last)) return 1;
  return !isWords && (STATUSES.has(last) || (last === 'code' && groups.includes('status'))) ? 2 : -1;
}

/** journald and GELF put an underscore in front of the fields that they add. */
function isHidden(path: readonly string[]): boolean {
  return (path[0] ?? '').startsWith('_') && comparable(path[0] ?? '') !== 'source';
}

function comparable(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function listOf(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(' '));
}
