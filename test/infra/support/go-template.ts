/**
 * Renders the subset of Go templates that our chart uses, for machines without helm: text, comments,
 * `range $key, $value :=`, `if`, `end`, fields, and the functions quote, toJson and printf. Anything else throws.
 */

type Scope = Readonly<Record<string, unknown>>;
interface Block {
  readonly kind: 'range' | 'if';
  readonly head: string;
  readonly body: readonly Node[];
}
type Node = string | { readonly expression: string } | Block;

export function renderGoTemplate(source: string, data: Scope): string {
  const tokens = tokenize(source);
  const nodes = parseNodes(tokens, 'file');
  return evaluate(nodes, { $: data });
}

type Token = { readonly text: string } | { readonly action: string };

/** `{{-` and `-}}` trim the white space beside them. */
function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let rest = source;
  for (;;) {
    const match = /\{\{(-?)([\s\S]*?)(-?)\}\}/.exec(rest);
    if (match === null) return [...tokens, { text: rest }];
    const [whole, trimBefore = '', action = '', trimAfter = ''] = match;
    const before = rest.slice(0, match.index);
    tokens.push({ text: trimBefore === '' ? before : before.trimEnd() }, { action: action.trim() });
    rest = rest.slice(match.index + whole.length);
    if (trimAfter !== '') rest = rest.trimStart();
  }
}

function parseNodes(tokens: Token[], until: 'file' | 'end'): Node[] {
  const nodes: Node[] = [];
  for (;;) {
    const token = tokens.shift();
    if (token === undefined) {
      if (until === 'end') throw new Error('A block has no end.');
      return nodes;
    }
    if ('text' in token) nodes.push(token.text);
    else if (token.action === 'end') {
      if (until === 'file') throw new Error('An end has no block.');
      return nodes;
    } else if (!token.action.startsWith('/*')) nodes.push(parseAction(token.action, tokens));
  }
}

function parseAction(action: string, tokens: Token[]): Node {
  const [, kind, head = ''] = /^(range|if)\s+(.*)$/.exec(action) ?? [];
  if (kind === undefined) return { expression: action };
  return { kind: kind as Block['kind'], head, body: parseNodes(tokens, 'end') };
}

function evaluate(nodes: readonly Node[], scope: Scope): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      if ('expression' in node) return String(pipeline(node.expression, scope));
      return node.kind === 'if' ? evaluateIf(node, scope) : evaluateRange(node, scope);
    })
    .join('');
}

const isTrue = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.length > 0
    : value !== undefined && value !== null && value !== false && value !== '';

const evaluateIf = ({ head, body }: Block, scope: Scope): string =>
  isTrue(pipeline(head, scope)) ? evaluate(body, scope) : '';

/** Iterates maps in the order of their keys, as Go does. */
function evaluateRange({ head, body }: Block, scope: Scope): string {
  const [, first, second, source] = /^(\$\w+)(?:,\s*(\$\w+))?\s*:=\s*(.*)$/.exec(head) ?? [];
  if (first === undefined || source === undefined) throw new Error(`range ${head} is not supported.`);
  const value = pipeline(source, scope) ?? [];
  const entries = Array.isArray(value)
    ? value.map((item, index): [unknown, unknown] => [index, item])
    : Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries
    .map(([key, item]) =>
      evaluate(body, {
        ...scope,
        ...(second === undefined ? { [first]: item } : { [first]: key, [second]: item }),
      }),
    )
    .join('');
}

function pipeline(expression: string, scope: Scope): unknown {
  const [first = '', ...filters] = expression.split('|').map((part) => part.trim());
  return filters.reduce<unknown>((value, filter) => applyFilter(filter, value), call(first, scope));
}

function call(expression: string, scope: Scope): unknown {
  const words = expression.match(/"[^"]*"|\S+/g) ?? [];
  if (words[0] !== 'printf') return words.length === 1 ? field(words[0]!, scope) : unknown(expression);
  const [format, ...values] = words.slice(1).map((word) => field(word, scope));
  return String(format).replaceAll('%s', () => String(values.shift()));
}

function applyFilter(name: string, value: unknown): unknown {
  if (name === 'quote') return JSON.stringify(String(value));
  return name === 'toJson' ? JSON.stringify(value) : unknown(name);
}

/** `"text"`, `.Values.x`, `$.Release.Service`, `$level.groups`. A missing field is undefined. */
function field(path: string, scope: Scope): unknown {
  if (path.startsWith('"')) return JSON.parse(path);
  const [variable = '', ...names] = path.startsWith('.')
    ? ['$', ...path.slice(1).split('.')]
    : path.split('.');
  if (!(variable in scope)) return unknown(path);
  return names.reduce<unknown>((value, name) => (value as Scope | undefined)?.[name], scope[variable]);
}

function unknown(what: string): never {
  throw new Error(`${what} is not in the supported subset of Go templates.`);
}
