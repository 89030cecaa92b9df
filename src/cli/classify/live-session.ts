import type { Classifier, ClassifierSession, ClassifyOptions } from '../../classifier/types.js';

/**
 * Returns a session for an input without end. The LLM's deadline and number of requests hold for one session, so after each
 * deadline it opens a new one.
 */
export function liveSession(
  classifier: Classifier,
  options: ClassifyOptions,
  deadlineMs: number,
): ClassifierSession {
  let session = classifier.session(options);
  let openedAt = performance.now();
  return {
    version: session.version,
    classify(records) {
      if (performance.now() - openedAt > deadlineMs) {
        session = classifier.session(options);
        openedAt = performance.now();
      }
      return session.classify(records);
    },
  };
}
