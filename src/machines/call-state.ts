/** The calls of a job, each named for the state that makes it; the state `refreshingVersion` makes `readingAgain`. */
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
