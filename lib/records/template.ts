/**
 * Templates of usernames and groups: literal text and placeholders, parsed once, rendered in one pass, so that a
 * value which looks like a placeholder stays text.
 */
import { broken, ok, type BrokenRule, type Result } from '../errors.ts';
import type { CallerIdentity } from '../identity/caller-identity.ts';

export const placeholders = [
  'AccountID',
  'SessionName',
  'SessionNameRaw',
  'AccessKeyID',
  'EC2PrivateDNSName',
  'UserName',
  'RoleName',
] as const;

export type Placeholder = (typeof placeholders)[number];

export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'placeholder'; readonly name: Placeholder };

/** Literal text and placeholders, in their order; adjacent literals are one, and none is empty. */
export type Template = readonly Segment[];

/** What each placeholder stands for; `undefined` if the caller has none. */
export type Values = Readonly<Record<Placeholder, string | undefined>>;

/** A value, or the rule that the template breaks, which completes "its username …". */
export type Checked<T> = Result<T, BrokenRule>;

const isPlaceholder = (name: string): name is Placeholder => placeholders.some((known) => known === name);

const placeholderList = placeholders.map((name) => `{{${name}}}`).join(', ');

/** Text → template. Braces in pairs are placeholders and nothing else: an unknown or broken one is refused. */
export function parseTemplate(text: string): Checked<Template> {
  const segments: Segment[] = [];
  // A split by a pattern with a group puts what the group caught at the odd places.
  for (const [index, piece] of text.split(/\{\{([A-Za-z0-9]+)\}\}/).entries()) {
    if (index % 2 === 1) {
      if (!isPlaceholder(piece)) return broken(`uses {{${piece}}}, which is none of ${placeholderList}`);
      segments.push({ kind: 'placeholder', name: piece });
    } else if (/\{\{|\}\}/.test(piece)) {
      return broken(`has pairs of braces that are none of ${placeholderList}`);
    } else if (piece !== '') {
      segments.push({ kind: 'literal', text: piece });
    }
  }
  return ok(segments);
}

/** The placeholders of a template. */
export const placeholdersOf = (template: Template): readonly Placeholder[] =>
  template.flatMap((segment) => (segment.kind === 'placeholder' ? [segment.name] : []));

/** The literal text that every rendering begins with; `''` if a placeholder comes first. */
export const literalPrefix = (template: Template): string =>
  template[0]?.kind === 'literal' ? template[0].text : '';

/**
 * What the placeholders stand for. The caller who assumes a role chooses the session name.
 * @param privateDnsName of the verified instance, if there is one
 */
export function valuesOf(identity: CallerIdentity, privateDnsName?: string): Values {
  const { principal, sessionName } = identity;
  return {
    AccountID: identity.accountId,
    SessionName: sessionName?.replaceAll('@', '-'),
    SessionNameRaw: sessionName,
    AccessKeyID: identity.accessKeyId,
    EC2PrivateDNSName: privateDnsName,
    UserName: principal.kind === 'user' ? principal.userName : undefined,
    RoleName: principal.kind === 'role' ? principal.roleName : undefined,
  };
}

/** One pass from the left: what a value holds is never read as a template. */
export function renderTemplate(template: Template, values: Values): Checked<string> {
  let text = '';
  for (const segment of template) {
    if (segment.kind === 'literal') {
      text += segment.text;
      continue;
    }
    const value = values[segment.name];
    if (value === undefined) {
      return broken(`uses {{${segment.name}}}, which this caller does not have`);
    }
    text += value;
  }
  return ok(text);
}

/** Whether a template of a mapping names the caller's EC2 instance. */
export const usesInstance = (mapping: {
  readonly username: string;
  readonly groups: readonly string[];
}): boolean =>
  [mapping.username, ...mapping.groups].some((text) => {
    const parsed = parseTemplate(text);
    return parsed.ok && placeholdersOf(parsed.value).includes('EC2PrivateDNSName');
  });
