import type { FastifyInstance } from 'fastify';
import { readForms, receiveFile, type UploadDeps } from '../form-upload.ts';
import { type LegacyAnswer, toFileAnswer } from './render.ts';

/** `POST /task/openapi/upload`: a form with one file, of any `fileType`. */
export function legacyUploadRoutes(app: FastifyInstance, deps: UploadDeps): void {
  app.register(async (scope) => {
    await readForms(scope);
    for (const url of ['/task/openapi/upload', '/api/task/openapi/upload']) {
      scope.post(url, async (request): Promise<LegacyAnswer> => toFileAnswer(await receiveFile(request, deps)));
    }
  });
}
