/** The calls of a job, named after the state that makes the call. The state `refreshingVersion` makes the call `readingAgain`. */
export type CallState =
  | 'validating'
  | 'queued'
  | 'uploading'
  | 'creating'
  | 'attaching'
  | 'filling'
  | 'sending'
  | 'readingAgain'
  | 'reading'
  | 'locating'
  | 'saving';
