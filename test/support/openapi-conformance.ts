/** Holds answers of the admin API to its own OpenAPI document, which must be able to say all of them. */
import * as z from 'zod';
import { openApiDocument } from '../../lib/admin/openapi.ts';
import { adminRoutes } from '../../lib/admin/routes.ts';
import type { AnyJson } from './admin-world.ts';

const document = openApiDocument(adminRoutes, '1.2.3') as AnyJson;

/** A schema of the document, with what it refers to, as a validator. */
function validatorOf(schema: AnyJson): z.ZodType {
  // JSON Schema's patterns have the flag `u`; this validator's do not, and \\p means nothing to it.
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas }, (key, value: unknown) =>
    key === 'pattern' && typeof value === 'string' && value.includes('\\p{') ? undefined : value,
  );
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as never);
}

const validators = new Map<string, z.ZodType>();

export interface Request {
  readonly method: string;
  readonly path: string;
}

const operationOf = ({
  method,
  path,
}: Request): { readonly path: string; readonly operation: AnyJson } | undefined => {
  const found = Object.entries<AnyJson>(document.paths).find(([template]) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}$`).test(path),
  );
  const operation = found?.[1][method.toLowerCase()];
  return found && operation && { path: found[0], operation };
};

/** @throws Error where an answer is not one that the document describes */
export function requireConforms(
  request: Request,
  status: number,
  contentType: string | undefined,
  body: unknown,
): void {
  const found = operationOf(request);
  const described = found?.operation.responses[status];
  const isProblem = described === undefined;
  const content = isProblem
    ? document.components.responses.Problem.content['application/problem+json']
    : described.content?.['application/json'];
  const where = `${request.method} ${request.path} → ${status}`;
  if (isProblem && status < 400) throw new Error(`${where}: the document has no such answer.`);
  if (content === undefined) {
    if (body !== undefined) throw new Error(`${where}: there should be no body.`);
    return;
  }
  const expected = isProblem ? 'application/problem+json' : 'application/json';
  if (contentType !== expected)
    throw new Error(`${where}: the media type is ${contentType}, not ${expected}.`);
  const key = `${found?.operation.operationId} ${isProblem ? 'problem' : status}`;
  const validator = validators.get(key) ?? validatorOf(content.schema);
  validators.set(key, validator);
  const result = validator.safeParse(body);
  if (!result.success) {
    throw new Error(
      `${where} is not what the document says: ${z.prettifyError(result.error)}\n${JSON.stringify(body)}`,
    );
  }
}
