/** The Khronos validator comes without types; this is what the judge reads of its report. */
declare module 'gltf-validator' {
  export type Report = {
    readonly issues: {
      readonly numErrors: number;
      readonly numWarnings: number;
      readonly messages: readonly { readonly code: string; readonly message: string; readonly pointer?: string }[];
    };
    readonly info: { readonly totalTriangleCount: number };
  };
  export function validateBytes(data: Uint8Array): Promise<Report>;
}
