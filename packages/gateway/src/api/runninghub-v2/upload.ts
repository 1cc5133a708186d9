import type { FastifyInstance } from 'fastify';
import { readForms, receiveFile, type UploadDeps } from '../form-upload.ts';
import { toUploadAnswer, type UploadAnswer } from './render.ts';

/** `POST /openapi/v2/media/upload/binary`: a form with one file. */
export function uploadRoutes(app: FastifyInstance, deps: UploadDeps): void {
  app.register(async (scope) => {
    await readForms(scope);
    scope.post('/openapi/v2/media/upload/binary', async (request): Promise<UploadAnswer> => {
      const asset = await receiveFile(request, deps);
      return toUploadAnswer(asset, deps.assets.link(asset));
    });
  });
}
