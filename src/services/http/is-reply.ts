/** Whether what a transport of the host's own resolved with is a response as axios gives it. */
export const isReply = (given: unknown): boolean =>
  typeof given === 'object' && given !== null && Number.isInteger(Reflect.get(given, 'status'));
