export declare function faultsOf(subject: string): readonly string[];
export declare function subjectOf(message: string): string;
