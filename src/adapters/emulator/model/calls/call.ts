import type { Answer } from '../api-error.js';
import type { OpenEntry } from '../log.js';
import type { ModelRequest } from '../messages.js';
import type { KeyRecord, RemoteJob, World } from '../world.js';

/** A request with a valid key and an open limit. */
export interface Call {
  readonly world: World;
  readonly key: KeyRecord;
  readonly request: ModelRequest;
  readonly entry: OpenEntry;
  /** Epoch ms. */
  readonly now: number;
}

/** A call about a job of that key, advanced to `now`. */
export interface JobCall extends Call {
  readonly job: RemoteJob;
}

export type AnswerCall = (call: Call) => Answer;
export type AnswerJobCall = (call: JobCall) => Answer;
