import { preparingGuards } from './guards/preparing-guards.js';
import { questionGuards } from './guards/question-guards.js';
import { reReadGuards } from './guards/re-read-guards.js';
import { readingGuards } from './guards/reading-guards.js';
import { replyGuards } from './guards/reply-guards.js';
import { resultGuards } from './guards/result-guards.js';

/** All guards of the chart, by the names that viewers show. */
export const jobGuards = {
  ...replyGuards,
  ...readingGuards,
  ...preparingGuards,
  ...questionGuards,
  ...reReadGuards,
  ...resultGuards,
};
