export interface Size {
  readonly name: string;
  /** KiB, like the others. */
  readonly minified: number;
  readonly gzip: number;
  readonly withoutXstate: number;
  readonly limit: number;
  readonly goal: number;
}
export declare function sizes(file?: string): Promise<readonly Size[]>;
export declare function bundleSize(
  contents: string,
  options?: { readonly external?: readonly string[]; readonly resolveDir?: string },
): Promise<{ readonly minified: number; readonly gzip: number }>;
export declare const inKib: (bytes: number) => number;
