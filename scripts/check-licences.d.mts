export declare function faultsIn(lock: {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly dev?: boolean }>>;
}): readonly string[];
