/** Finds credentials in text: the search that `npm test` closes with. Each rule is tested in secrets.test.ts. */

/** Secrets of the fixtures, by their text. Tests that make secrets of their own register their shape here. */
const known = [/demo-secret-[a-z]+/, /demo-webhook-token/];

const shapes: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'a token', pattern: /k8s-aws-v1\.[A-Za-z0-9_-]{20,}/ },
  { name: 'a signature', pattern: /X-Amz-Signature(?:=|%3D)[0-9a-f]{16,}/i },
  { name: 'a signature in an Authorization header', pattern: /Signature=[0-9a-f]{32,}/ },
  { name: 'a session token', pattern: /X-Amz-Security-Token(?:=|%3D)[A-Za-z0-9%+/=_-]{16,}/i },
  { name: 'a webhook token', pattern: /\bcswt_[A-Za-z0-9_-]{20,}/ },
  ...known.map((pattern) => ({ name: 'a secret of a fixture', pattern })),
];

const base64Run = /[A-Za-z0-9+/_-]{24,}={0,2}/g;

/** Names of what was found, with the place; base64 runs are decoded and searched too, two levels deep. */
export function findSecrets(text: string, depth = 2): string[] {
  const found = shapes.flatMap(({ name, pattern }) => {
    const match = pattern.exec(text);
    return match === null ? [] : [`${name} at offset ${match.index}`];
  });
  if (depth === 0) return found;
  const inner = [...text.matchAll(base64Run)].flatMap((run) =>
    findSecrets(Buffer.from(run[0], 'base64').toString('latin1'), depth - 1).map(
      (name) => `${name}, inside base64 at offset ${run.index}`,
    ),
  );
  return [...found, ...inner];
}
