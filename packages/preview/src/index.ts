export {
  type MediaFile,
  RenderError,
  type RenderErrorCode,
  type RenderedFile,
  type Renderer,
  type RendererOptions,
  type RenderRequest,
  type RenderResult,
} from './contract.ts';
export { createRenderer } from './pool/renderer.ts';
