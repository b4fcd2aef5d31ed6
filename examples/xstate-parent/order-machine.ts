import type { InputRequest, SlotValue } from 'goal-lane';
import { type bindPorts, inputRequestOf } from 'goal-lane/job';
import { assign, sendTo, setup } from 'xstate';

interface Order {
  readonly files: readonly string[];
}

interface OrderContext extends Order {
  /** What the job asks, for the form. */
  readonly question: InputRequest | undefined;
  readonly file: string | undefined;
}

type OrderEvent = { readonly type: 'ANSWER'; readonly slots: Readonly<Record<string, SlotValue>> };

/** An order whose one step is a goal job: the job is a child, stored and restored with its parent. */
export const createOrderMachine = (goalJob: ReturnType<typeof bindPorts>) =>
  setup({
    types: {} as { context: OrderContext; events: OrderEvent; input: Order },
    actors: { goalJob },
  }).createMachine({
    id: 'order',
    initial: 'tailoring',
    context: ({ input }) => ({ files: input.files, question: undefined, file: undefined }),
    states: {
      tailoring: {
        invoke: {
          id: 'job',
          src: 'goalJob',
          input: ({ context }) => ({ workflowId: 'goal_lane.resume_tailor', files: [...context.files] }),
          // A parent sees each state of its child here; `waitFor(parent, …)` does not.
          onSnapshot: { actions: assign({ question: ({ event }) => inputRequestOf(event.snapshot) }) },
          onDone: [
            {
              guard: ({ event }) => event.output.status === 'completed',
              target: 'delivered',
              actions: assign({
                file: ({ event }) =>
                  event.output.status === 'completed' ? event.output.saved?.file : undefined,
              }),
            },
            { target: 'returned' },
          ],
        },
        on: {
          ANSWER: { actions: sendTo('job', ({ event }) => ({ type: 'SUBMIT_SLOTS', slots: event.slots })) },
        },
      },
      delivered: { type: 'final' },
      returned: { type: 'final' },
    },
  });
