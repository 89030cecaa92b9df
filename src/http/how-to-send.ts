/** For whoever sent logs in a way that is not taken. */
export const HOW_TO_SEND =
  'Send a CSV as a form (curl -F file=@logs.csv) or with "Content-Type: text/csv", or logs as "Content-Type: application/json".';
