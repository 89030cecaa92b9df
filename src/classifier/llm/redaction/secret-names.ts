/** Words that name a secret anywhere, also inside another word (`dbPasswordOld`, `access_token`). */
const anywhere = [
  'pass(?:word|wort|wd|phrase|code|key|ord)',
  'secret(?!ar)',
  'token(?!i[sz])',
  'credential',
  'signature',
  'authorization',
  'session[ _-]?id',
  'sessid',
  '(?:api|access|private|account|secret|encryption|decryption|signing|master|shared|storage|licen[cs]e|deploy|client|service|auth|session|ssh|hmac|aes|subscription|function)[ _-]?key',
  '(?:verification|security|confirmation|one[ _-]?time|login|auth|2fa|mfa|pairing|unlock|recovery|backup)[ _-]?code',
  '(?:seed|recovery)[ _-]?phrase',
  'social[ _-]security[ _-]n(?:umber|o)',
  // Other languages.
  'kennwort',
  'geheimnis',
  'zugangscode',
  'mot[ _-]?de[ _-]?passe',
  'contrase(?:ñ|n\u0303?)a',
  'palavra[ _-]?passe',
  'parola',
  'wachtwoord',
  'l[öo]senord',
  'adgangskode',
  'kodeord',
  'salasana',
  'heslo',
  'jelsz[óo]',
  '[şs]ifre',
  'пароль',
  'κωδικός',
  'סיסמה',
  'كلمة المرور',
  'पासवर्ड',
  'รหัสผ่าน',
  'mật khẩu',
  'kata[ _]?sandi',
  '密码|密碼|口令',
  'パスワード|暗証番号',
  '비밀번호',
];

/** Words that name a secret only if no letter is next to them. */
const alone = [
  '(?:db|smtp|ftp|user|usr|admin|root|my|sql|mail|login|proxy|ldap|ssh|vpn|wifi|sudo|rpc)?(?:pass|pwd(?!=\\/)|pw)',
  'pin',
  'sig',
  'sid',
  't?otp',
  'psk',
  'jwt',
  'ssn',
  'mdp',
  'clave',
  'senha',
  'has[łl]o',
  'geslo',
  'lozinka',
];

/** Ends of names such as `tokens: 512` or `secretLength=32`. A plain number after them is not a secret. */
const COUNTED = String.raw`(?:(?<=token)s|s?[ _.-]?(?:count|length|len|size|limit|ttl|type|age|attempts?|retries|expir\w{0,8}|lifetime|usage|used|left|remaining|version|index|rate)[\w-]{0,16})`;
const PLAIN_NUMBER = String.raw`["']?(?:\d[\d.,:TZ+-]{0,31}|true|false|yes|no|bearer)(?!\w)`;

/** Prose follows the name of a program with its process id (`passwd[4711]: `) or of a class (`TokenValidator: `). */
const PROGRAM = String.raw`(?:\w{0,10}\[\d{3,10}\]|[\w.]{0,40}(?:exception|error|handler|service|manager|provider|filter|validator|factory|controller|interceptor|client|utils?|helper)\w{0,8}):\s`;

/** The optional quote or bracket after a name. JSON inside JSON has backslashes before its quotes. */
const NAME_END = String.raw`(?:\\{0,7}["'\x60”»]|&quot;)?\]?\)?`;
const SEPARATOR = String.raw`(?:=>|->|→|==?|:=|:(?!:)|%3[ad]|\\u003[ad]|&#(?:58|61);)`;

/** The separator between a name and its value: an equals sign, a colon, an arrow, or an encoded form of one. */
export const ASSIGNMENT = String.raw`${NAME_END}\s{0,5}${SEPARATOR}\s{0,5}`;

/** The status of a request, as in `POST /token: 401`. */
const STATUS_OF_PATH = String.raw`(?<=\/[\w-]{0,40})${ASSIGNMENT}\d{3}(?!\w)`;

/** A word of either list, without the rest of the name. */
export const SECRET_NAME = String.raw`(?:${anywhere.join('|')}|(?<![a-z])(?:${alone.join('|')}|cvv2?|cvc2?)(?![a-z]))`;

/**
 * A complete name: `password_old`, `tokens[0]`, `api key id`, `secret (base64)`. A number of up to three digits after a
 * short name is a count or a signal (`pass=3`, `sig=11`), not a secret.
 */
export const SECRET_FIELD = String.raw`(?:(?:${anywhere.join('|')})(?!${COUNTED}${ASSIGNMENT}${PLAIN_NUMBER}|${STATUS_OF_PATH}|${PROGRAM})[\w.-]{0,64}(?:\[["'\w.-]{0,40}\])?(?:[ ](?:hash|value|string|text|key|id|number|no|nr)\b){0,2}(?: ?\([^()\n]{0,20}\))?|(?<![a-z])(?:cvv2?|cvc2?|(?:${alone.join('|')})(?!${ASSIGNMENT}\d{1,3}(?![\w@#$%&*+]|[.-]\w)))(?![a-z])(?!${COUNTED}${ASSIGNMENT}${PLAIN_NUMBER})(?:[_-]?(?:code|value|hash|id|no|number|nr)|\d{1,2})?)`;

/** Words after `password is` or `token:` that describe the state of the secret. */
const stateWords =
  'a|an|the|not|no|too|very|so|in|on|at|of|for|from|by|with|without|within|to|being|been|about|already|still|now|never|only|also|both|either|neither|going|this|that|which|who|how|required|needed|missing|wrong|incorrect|invalid|valid|bad|good|ok|okay|correct|empty|blank|unset|set|weak|strong|short|long|old|older|new|newer|longer|shorter|same|different|unknown|unavailable|available|present|absent|found|lost|stale|fresh|active|inactive|unsafe|safe|insecure|secure|sensitive|hidden|visible|public|private|optional|mandatory|expired|failed|denied|rejected|revoked|refreshed|changed|reset|updated|rotated|accepted|malformed|mismatch|must|should|cannot|could|does|may|will|has|was|is|unexpected|unsupported|unauthorized|forbidden|skipped|success|successful|failure|enabled|disabled|ignored|out|due|one|part|more|less|meant|sent|given|read|written|taken|stolen|seen|built|made|ours|falsch|ungültig|abgelaufen|leer|nicht|zu|incorrecta?|inválid[ao]|invalide|expiré|expirad[ao]';
const WORD_END = String.raw`(?=[\s,;.!?)\]}"']|$)`;

/** Matches a word for "no value". For use in a lookahead. */
export const NO_VALUE = String.raw`(?:null|nil|none|undefined|true|false|""|''|\(null\)|\(none\)|(?:auth|account|session|chauthtok)(?=\)))${WORD_END}`;
/** Matches a word that describes the state of a secret. For use in a lookahead. */
export const STATE = String.raw`(?:${stateWords})${WORD_END}`;
/** Like STATE, for sentences. It also matches participles, adverbs and numbers of one or two digits. */
export const STATE_IN_SENTENCE = String.raw`(?:${stateWords}|[a-z]{2,20}(?:ed|ing|ly|able|ible)|\d{1,2})${WORD_END}`;
