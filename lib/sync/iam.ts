/** The IAM adapter: `iam:GetGroup` to the last page, in this account or through a reader role in another. */
import { GetGroupCommand, type GetGroupCommandOutput, IAMClient, type User } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { verifiedRequestHandler } from '../net/verified-tls.ts';
import type { Member, Reading } from './grants/grant.ts';
import type { GroupSource, ReadGroup } from './read.ts';

/** IAM throttles by account and second; the SDK backs off with jitter between the attempts, at most 20 s each time. */
const attempts = 8;
/** A group can hold every user of an account (5,000 by default), at 100 to 1,000 a page. */
const maxPages = 1000;
const pageSize = 1000;

const groupArn = /^arn:[a-z-]+:iam::(\d{12}):group\/(?:.*\/)?([^/]+)$/;
const readerRole = /^arn:[a-z-]+:iam::(\d{12}):role\/(?:.*\/)?CountersignGroupReader[^/]*$/;

export interface IamOptions {
  /** Region of the function. The groups are in the same partition. */
  readonly region: string;
  /** Of IAM and of STS, for a stand-in that serves both. Default: the SDK's environment variables, else AWS. */
  readonly endpoint?: string | undefined;
  /** Default: the SDK's credential chain. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

export type GroupPage = Pick<GetGroupCommandOutput, 'Group' | 'Users' | 'IsTruncated' | 'Marker'>;
/** Returns one page of a group, by name; the first page has no marker. Throws the errors of the SDK. */
export type GetGroup = (name: string, marker: string | undefined) => Promise<GroupPage>;

/**
 * Creates a reader for one run: it caches the clients and the credentials of the reader roles. The SDK honours
 * `AWS_ENDPOINT_URL_IAM` and `AWS_ENDPOINT_URL_STS`.
 */
export function createIamReader(options: IamOptions): ReadGroup {
  return createGroupReader((source) => connect(options, source));
}

/** The same with any source of pages: `connectTo` is called once for each reader role. */
export function createGroupReader(connectTo: (source: GroupSource) => Promise<GetGroup>): ReadGroup {
  const clients = new Map<string, Promise<GetGroup>>();
  return async (source) => {
    const group = groupArn.exec(source.iamGroup);
    if (group === null)
      return { outcome: 'refused', detail: `${source.iamGroup} is not the ARN of an IAM group.` };
    const [, account = '', name = ''] = group;
    if (source.readerRoleArn !== undefined && readerRole.exec(source.readerRoleArn)?.[1] !== account) {
      return {
        outcome: 'refused',
        detail: `${source.readerRoleArn} must be a role CountersignGroupReader* in account ${account}.`,
      };
    }
    try {
      const key = JSON.stringify([source.readerRoleArn, source.externalId]);
      const client = clients.get(key) ?? connectTo(source);
      clients.set(key, client);
      return await readPages(await client, source.iamGroup, name);
    } catch (error) {
      return { outcome: 'unreadable', detail: `${source.iamGroup} could not be read: ${reasonOf(error)}.` };
    }
  };
}

/** The error's code and the likely cause. Not the message of AWS, which can quote the request. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error.name.startsWith('NoSuchEntity')) {
    return `${error.name}, the group does not exist; its grants stay until the binding is deleted`;
  }
  if (error.name.startsWith('AccessDenied')) {
    return `${error.name}, the sync function or the reader role may not call iam:GetGroup, or the trust policy or the external id of the role does not match`;
  }
  return error.name;
}

async function connect(
  { region, endpoint, credentials }: IamOptions,
  source: GroupSource,
): Promise<GetGroup> {
  const options = {
    region,
    maxAttempts: attempts,
    requestHandler: verifiedRequestHandler,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
  if (source.readerRoleArn === undefined) return pagesOf(new IAMClient(options));
  const { Credentials: assumed } = await new STSClient(options).send(
    new AssumeRoleCommand({
      RoleArn: source.readerRoleArn,
      RoleSessionName: 'countersign-group-sync',
      ...(source.externalId === undefined ? {} : { ExternalId: source.externalId }),
    }),
  );
  if (assumed?.AccessKeyId === undefined || assumed.SecretAccessKey === undefined) {
    throw new Error('AssumeRole returned no credentials');
  }
  return pagesOf(
    new IAMClient({
      ...options,
      credentials: {
        accessKeyId: assumed.AccessKeyId,
        secretAccessKey: assumed.SecretAccessKey,
        ...(assumed.SessionToken === undefined ? {} : { sessionToken: assumed.SessionToken }),
      },
    }),
  );
}

const pagesOf =
  (client: IAMClient): GetGroup =>
  (name, marker) =>
    client.send(
      new GetGroupCommand({ GroupName: name, MaxItems: pageSize, ...(marker ? { Marker: marker } : {}) }),
    );

async function readPages(getPage: GetGroup, arn: string, name: string): Promise<Reading> {
  const members = new Map<string, Member>();
  const markers = new Set<string>();
  let marker: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await getPage(name, marker);
    // GetGroup accepts a name only: a reader role in another account would read another group of the same name.
    if (answer.Group?.Arn !== arn) {
      return {
        outcome: 'unreadable',
        detail: `IAM returned ${answer.Group?.Arn ?? 'no group'} for ${arn}.`,
      };
    }
    for (const user of answer.Users ?? []) {
      const member = toMember(user);
      if (member === undefined)
        return { outcome: 'unreadable', detail: `${arn} lists a user without ARN or id.` };
      members.set(member.arn, member);
    }
    // A page may be short or even empty before the last one: only IsTruncated marks the end.
    if (answer.IsTruncated !== true) return { outcome: 'read', members: [...members.values()] };
    marker = answer.Marker;
    if (marker === undefined || markers.has(marker)) break;
    markers.add(marker);
  }
  return { outcome: 'unreadable', detail: `The pages of ${arn} do not end.` };
}

function toMember(user: User): Member | undefined {
  const { Arn: arn, UserName: userName, UserId: userId } = user;
  if (arn === undefined || userName === undefined || userId === undefined) return undefined;
  return arn.endsWith(`/${userName}`) ? { arn, userName, userId } : undefined;
}
