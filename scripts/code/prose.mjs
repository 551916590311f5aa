// @ts-check
/** The prose of a source file: its comments, its messages, and the titles of its tests. */

/** @typedef {{ kind: 'comment' | 'message' | 'title', text: string }} Prose */

/** @param {unknown} callee @returns {boolean} */
function isTest(callee) {
  const {
    name,
    object,
    callee: inner,
  } = /** @type {{ name?: string, object?: unknown, callee?: unknown }} */ (callee);
  if (name !== undefined) return /^(?:test|it|describe)$/.test(name);
  return object !== undefined ? isTest(object) : inner !== undefined && isTest(inner);
}

/**
 * Texts with a space in them: other strings are names.
 * @param {unknown} node
 * @param {Prose['kind']} kind
 * @returns {Prose[]}
 */
function textsIn(node, kind) {
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((each) => textsIn(each, kind));
  const {
    type,
    value,
    callee,
    arguments: args = [],
  } = /** @type {{ type?: string, value?: unknown, callee?: unknown, arguments?: unknown[] }} */ (node);
  if (type === 'ImportDeclaration') return [];
  if (type === 'CallExpression' && isTest(callee)) {
    const [title, ...rest] = args;
    return [...textsIn(callee, kind), ...textsIn(title, 'title'), ...textsIn(rest, kind)];
  }
  if (type === 'TemplateElement') {
    const { cooked } = /** @type {{ cooked: string | null }} */ (value);
    return cooked?.includes(' ') ? [{ kind, text: cooked }] : [];
  }
  if (type === 'Literal')
    return typeof value === 'string' && value.includes(' ') ? [{ kind, text: value }] : [];
  return Object.values(node).flatMap((child) => textsIn(child, kind));
}

/**
 * @param {import('./sources.mjs').Source} source
 * @returns {Prose[]}
 */
export const proseOf = ({ parsed }) => [
  ...parsed.comments.map(({ value }) => /** @type {Prose} */ ({ kind: 'comment', text: value })),
  ...textsIn(parsed.program.body, 'message'),
];
