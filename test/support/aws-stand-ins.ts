/**
 * STS and DynamoDB as one small server on loopback, with answers made beforehand: for the entry points and the
 * benchmarks, where nothing is to be proven of AWS itself. (The stand-ins that verify signatures are in dev/.)
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mappingId } from '../../lib/mapping/ids.ts';
import { encodeRecord } from '../../lib/store/codecs.ts';
import type { ItemKey } from '../../lib/store/keys.ts';
import { encodeWebhookToken } from '../../lib/store/webhook-token-item.ts';
import { hashWebhookToken } from '../../lib/webhook-token.ts';

export interface StandIns {
  /** `http://127.0.0.1:<port>`, for `AWS_ENDPOINT_URL_STS` and `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly endpoint: string;
  /** By operation. */
  readonly calls: Map<string, number>;
  close(): void;
}

const table = 'countersign';
const bookkeeping = {
  version: 1,
  changeId: '01J00000000000000000000000',
  createdAt: '2026-11-01T00:00:00.000Z',
  createdBy: 'dev',
  updatedAt: '2026-11-01T00:00:00.000Z',
  updatedBy: 'dev',
};

/** Cluster demo with its webhook token, and alice mapped on it. */
function items(webhookToken: string): readonly (ItemKey & Record<string, unknown>)[] {
  const ref = {
    scope: 'cluster/demo',
    principalKey: 'arn:aws:iam::111122223333:user/alice',
    owner: 'manual',
  } as const;
  const made = [
    encodeRecord(
      'cluster',
      { id: 'demo' },
      { id: 'demo', partition: 'aws', sets: ['prod'], adminGroups: ['system:masters'] },
      bookkeeping,
    ),
    encodeWebhookToken(
      'demo',
      mappingId(ref),
      { hash: hashWebhookToken(webhookToken), clusterCreatedAt: bookkeeping.createdAt },
      bookkeeping,
    ),
    encodeRecord(
      'mapping',
      ref,
      {
        scope: ref.scope,
        principal: { arn: ref.principalKey },
        owner: 'manual',
        username: 'alice',
        groups: ['developers'],
      },
      bookkeeping,
    ),
  ];
  return made as unknown as readonly (ItemKey & Record<string, unknown>)[];
}

const identity = JSON.stringify({
  GetCallerIdentityResponse: {
    GetCallerIdentityResult: {
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:user/alice',
      UserId: 'AIDADEMOALICE00000001',
    },
    ResponseMetadata: { RequestId: '00000000-0000-0000-0000-000000000000' },
  },
});

interface DynamoDbRequest {
  readonly ExpressionAttributeValues?: { readonly ':pk': { readonly S: string } };
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly Record<'pk' | 'sk', { S: string }>[] }>
  >;
}

/** Answers for cluster `demo` and user alice, whatever the signatures. */
export async function startStandIns(webhookToken: string): Promise<StandIns> {
  const known = items(webhookToken).map((item) => ({
    ...item,
    wire: marshall(item, { removeUndefinedValues: true }),
  }));
  const calls = new Map<string, number>();

  const answer = (operation: string, text: string): string => {
    if (operation === 'GetCallerIdentity') return identity;
    const request = JSON.parse(text) as DynamoDbRequest;
    if (operation === 'Query') {
      const pk = request.ExpressionAttributeValues?.[':pk'].S;
      const found = known.filter((item) => item.pk === pk).map(({ wire }) => wire);
      return JSON.stringify({ Items: found, Count: found.length });
    }
    const keys = new Set(request.RequestItems?.[table]?.Keys.map(({ pk, sk }) => `${pk.S}\n${sk.S}`));
    const found = known.filter(({ pk, sk }) => keys.has(`${pk}\n${sk}`)).map(({ wire }) => wire);
    return JSON.stringify({ Responses: { [table]: found }, UnprocessedKeys: {} });
  };

  const server = http.createServer((request, response) => {
    const target = String(request.headers['x-amz-target'] ?? '.GetCallerIdentity');
    const operation = target.slice(target.indexOf('.') + 1);
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(answer(operation, text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    close: () => server.close().closeAllConnections(),
  };
}

/** The environment of a function that uses the stand-ins. */
export const standInEnvironment = ({ endpoint }: Pick<StandIns, 'endpoint'>): Record<string, string> => ({
  COUNTERSIGN_TABLE: table,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000001',
  AWS_SECRET_ACCESS_KEY: 'not-a-real-secret',
  AWS_ENDPOINT_URL_STS: endpoint,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
});
