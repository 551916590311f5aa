/** A denial: keeps a principal, a unique id or an access key out of every cluster. */
import * as v from 'valibot';
import type { StaleKey, Stored } from './bookkeeping.ts';
import { parsePrincipalArn } from '../identity/arn.ts';
import { oneOf } from '../json/one-of.ts';
import { strictObject } from '../json/strict-object.ts';
import { crossFields, ifValid } from './input/cross-fields.ts';
import type { Broken } from './input/cross-fields.ts';
import * as fields from './input/fields.ts';
import { decodeId, encodeId } from './ids.ts';
import type { FieldsOf, KindDefinition } from './kind.ts';
import { accessKeyKey, denialKeyOf, isDenialKey, principalIdKey, sessionKey } from './principal.ts';
import type { Principal, PrincipalKey } from './principal.ts';
import { parserOf, storedPrincipal } from './stored-fields.ts';

export type DenialSubject =
  | {
      readonly principal: Principal;
      readonly principalId?: never;
      readonly accessKeyId?: never;
      readonly userArn?: never;
    }
  | {
      readonly principalId: string;
      /**
       * The user who had the id when the denial was written. It denies nothing itself: it names the owner of an id, and ties the
       * denial to that of the user (decision 9).
       */
      readonly userArn?: string | undefined;
      readonly principal?: never;
      readonly accessKeyId?: never;
    }
  | {
      readonly accessKeyId: string;
      readonly principal?: never;
      readonly principalId?: never;
      readonly userArn?: never;
    };

export type Denial = DenialSubject & {
  /** One session of an ARN or a permission set; compared without case, see `sessionKey`. */
  readonly sessionName?: string | undefined;
  readonly reason: string;
};

/** Names one denial. */
export interface DenialRef {
  readonly principalKey: PrincipalKey;
  /** The key of the session's name, see `sessionKey` in `principal.ts`. */
  readonly sessionKey?: string | undefined;
}

export type StoredDenial = Denial & DenialRef & Stored & StaleKey & { readonly id: string };

export interface DenialKind {
  readonly kind: 'denial';
  readonly list: 'denials';
  readonly ref: DenialRef;
  readonly record: Denial;
  readonly stored: StoredDenial;
}

export const denialFields = [
  'principal',
  'principalId',
  'userArn',
  'accessKeyId',
  'sessionName',
  'reason',
] as const;

const storedFields = {
  principal: storedPrincipal,
  principalId: v.string(),
  userArn: v.optional(v.string()),
  accessKeyId: v.string(),
  sessionName: v.optional(v.string()),
  reason: v.string(),
} satisfies FieldsOf<Denial>;

const { principal, principalId, userArn, accessKeyId, ...shared } = storedFields;

export const parseStoredDenial = parserOf<Denial>(
  v.union([
    v.object({ principal, ...shared }),
    v.object({ principalId, userArn, ...shared }),
    v.object({ accessKeyId, ...shared }),
  ]),
);

/** The key of the subject of a denial, without its session. */
export function denialKey(subject: DenialSubject): PrincipalKey {
  if (subject.principal !== undefined) return denialKeyOf(subject.principal);
  return subject.principalId === undefined
    ? accessKeyKey(subject.accessKeyId)
    : principalIdKey(subject.principalId);
}

export const denialRef = (denial: Denial): DenialRef => ({
  principalKey: denialKey(denial),
  sessionKey: denial.sessionName === undefined ? undefined : sessionKey(denial.sessionName),
});

/** The id of a denial in the admin API. */
export const denialId = ({ principalKey: key, sessionKey: session }: DenialRef): string =>
  encodeId(session === undefined ? [key] : [key, session]);

/** The inverse of {@link denialId}, for former keys too; `undefined` for any other text. */
export function parseDenialId(id: string): DenialRef | undefined {
  const [key = '', session, ...rest] = decodeId(id) ?? [];
  if (rest.length > 0 || !isDenialKey(key)) return undefined;
  if (session === undefined) return { principalKey: key };
  return /^[\w+=,.@-]+$/.test(session) ? { principalKey: key, sessionKey: session } : undefined;
}

/** See `KindDefinition`. Separate from the definition, so that the reviewer does not load all of it. */
export const denialSchemaVersion = 1;

export const denialKind: KindDefinition<DenialKind> = {
  kind: 'denial',
  list: 'denials',
  noun: 'denial',
  schemaVersion: denialSchemaVersion,
  inputFields: denialFields,
  refOf: denialRef,
  refText: denialId,
  parseRefText: parseDenialId,
  toRecord: ({
    id: _id,
    principalKey: _key,
    sessionKey: _session,
    staleKey: _stale,
    version: _v,
    createdAt: _ca,
    createdBy: _cb,
    updatedAt: _ua,
    updatedBy: _ub,
    ...record
  }) => record,
  parseStored: parseStoredDenial,
};

/** Root, users and accounts have no sessions of their own to name; a federated user is its session. */
function sessionRules(denial: {
  readonly principal?: Principal | undefined;
  readonly sessionName?: string | undefined;
}): readonly Broken[] {
  if (denial.principal === undefined || denial.sessionName === undefined) return [];
  const { arn, permissionSet } = denial.principal;
  const hasSessions =
    permissionSet !== undefined || (arn !== undefined && parsePrincipalArn(arn)?.kind === 'role');
  const message =
    'sessionName goes with a role or a permission set: leave it out to deny all of this principal.';
  return hasSessions ? [] : [{ path: ['sessionName'], message }];
}

/** Only the id of a user has a user. */
function userRules(denial: {
  readonly principalId?: string | undefined;
  readonly userArn?: string | undefined;
}): readonly Broken[] {
  if (denial.userArn === undefined || denial.principalId?.startsWith('AIDA') !== false) return [];
  return [{ path: ['userArn'], message: 'userArn goes with the unique id of a user, AIDA…: leave it out.' }];
}

/* @__NO_SIDE_EFFECTS__ */
function userArnField() {
  const rule = 'userArn must be the ARN of the IAM user whose unique id this is.';
  return v.pipe(
    v.string(rule),
    v.check((text) => parsePrincipalArn(text)?.kind === 'user', rule),
  );
}

const inputTakes =
  'exactly one of principal, principalId and accessKeyId; reason; sessionName with a principal; userArn with a principalId';

/* @__NO_SIDE_EFFECTS__ */
function denialSchema() {
  const entries = {
    principal: fields.principal,
    principalId: fields.uniqueId,
    userArn: v.optional(userArnField()),
    accessKeyId: fields.accessKeyId,
    sessionName: v.optional(fields.sessionName),
    reason: fields.prose('reason'),
  } satisfies FieldsOf<Denial>;
  const { principal, principalId, userArn, accessKeyId, sessionName, ...shared } = entries;
  const fieldsOfRules = v.object({ principal: ifValid(principal), sessionName: ifValid(sessionName) });
  return oneOf('a denial', inputTakes, [
    v.pipe(
      strictObject('a denial', { principal, sessionName, ...shared }, inputTakes),
      crossFields(fieldsOfRules, sessionRules),
    ),
    v.pipe(
      strictObject('a denial', { principalId, userArn, ...shared }, inputTakes),
      crossFields(v.object({ principalId: ifValid(principalId), userArn: ifValid(userArn) }), userRules),
    ),
    strictObject('a denial', { accessKeyId, ...shared }, inputTakes),
  ]);
}

export const denialInput = denialSchema();
