import type { NewJobInput } from '../../../machines/job-input.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { SlotsAnswer } from '../source/slots-answer.js';

/**
 * The catalog as known at compile time. While it is empty, all workflows, files and slots are loosely typed. `goal-lane types`
 * writes a file that fills it by declaration merging: `declare module 'goal-lane' { interface Register { workflows: {
 * 'my.workflow': { formats: 'pdf'; slots: { tone?: string } } } } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: only an interface can be merged into from outside.
export interface Register {}

type Loose = Readonly<Record<string, SlotValue>>;

type Registered = Register extends { readonly workflows: infer Workflows } ? Workflows : never;

/** A workflow of the catalog; any string if none is registered. */
export type WorkflowId = [Registered] extends [never] ? string : keyof Registered & string;

type ShapeOf<Id> = Id extends keyof Registered ? Registered[Id] : never;

type SlotsIn<Shape> = Shape extends { readonly slots: infer Slots } ? Slots : Loose;

/** Values for the slots that a workflow requires before execution. */
export type SlotsOf<Id> = [ShapeOf<Id>] extends [never]
  ? Loose
  : { readonly [Slot in keyof SlotsIn<ShapeOf<Id>>]?: SlotsIn<ShapeOf<Id>>[Slot] };

/**
 * Values that may be submitted: those slots, and those of checkpoints, which the catalog does not list; they are loose unless
 * added by hand.
 */
export type SubmittedSlots<Id> = [ShapeOf<Id>] extends [never]
  ? Loose
  : SlotsOf<Id> &
      (ShapeOf<Id> extends { readonly checkpoints: infer Slots }
        ? { readonly [Slot in keyof Slots]?: Slots[Slot] }
        : { readonly [slotId: string]: SlotValue | undefined });

type FormatOf<Id> = ShapeOf<Id> extends { readonly formats: infer Format extends string } ? Format : string;

type LastExtension<Name extends string> = Name extends `${string}.${infer Rest}`
  ? LastExtension<Rest>
  : Lowercase<Name>;

/** A path whose extension the workflow accepts. A path that is not known at compile time is accepted and checked at run time. */
export type FileOf<Id, Path extends string> = string extends Path
  ? Path
  : string extends FormatOf<Id>
    ? Path
    : Path extends `${string}.${infer Rest}`
      ? LastExtension<Rest> extends FormatOf<Id>
        ? Path
        : `a .${FormatOf<Id>} file`
      : Path;

/** {@link NewJobInput} with the types of the registered workflow. */
export type TypedJobInput<Id extends WorkflowId, Files extends readonly string[]> = Omit<
  NewJobInput,
  'workflowId' | 'files' | 'slots'
> & {
  readonly workflowId: Id;
  readonly files: { readonly [Index in keyof Files]: FileOf<Id, Files[Index]> };
  readonly slots?: SlotsOf<Id> | undefined;
};

interface Submits {
  submitSlots(slots: Loose): Promise<SlotsAnswer>;
}

/** A handle whose `submitSlots` knows the slots of its workflow. */
export type TypedHandle<Handle extends Submits, Id> = Omit<Handle, 'submitSlots'> & {
  /**
   * Resolves with the outcome for the values once it is known; never rejects.
   * @throws InvalidInputError synchronously for values that no slot can take; the job does not receive them and keeps asking
   */
  submitSlots(slots: SubmittedSlots<Id>): Promise<SlotsAnswer>;
};
