/** For the tests of the stand-ins: the accounts of the demo, and requests signed by an independent signer. */
import * as v from 'valibot';
import { readFileSync } from 'node:fs';
import aws4 from 'aws4';
import { parse } from 'yaml';
import { serve } from '../../dev/stand-ins/serve.ts';
import { indexAccounts, type AwsAccounts } from '../../dev/stand-ins/service/accounts.ts';
import { awsSchema, accountsData } from '../../dev/fixture/aws-schema.ts';
import { iam } from '../../dev/stand-ins/iam/service.ts';
import type { ReceivedRequest } from '../../dev/stand-ins/sigv4/received-request.ts';
import { sts } from '../../dev/stand-ins/sts/service.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

type AwsPart = { [name: string]: unknown; accounts: Record<string, unknown>[] };

/** The `aws` part of dev/demo.yaml, after `change`. Numbers are text, as the fixture's reader returns them. */
export function demoAccounts(change: (aws: AwsPart) => void = () => {}): AwsAccounts {
  const text = readFileSync('dev/demo.yaml', 'utf8');
  const { aws } = parse(text, (_, value: unknown) => (typeof value === 'number' ? String(value) : value)) as {
    aws: AwsPart;
  };
  change(aws);
  return indexAccounts(accountsData(v.parse(awsSchema, aws)));
}

export const keysOf = (accounts: AwsAccounts, name: string): Keys => {
  const { id, secret } = accounts.users.find((user) => user.name === name)!.keys[0]!;
  return { accessKeyId: id, secretAccessKey: secret };
};

export interface Sent {
  readonly service?: 'sts' | 'iam';
  readonly host?: string;
  readonly region?: string;
  readonly method?: 'GET' | 'POST';
  readonly presigned?: boolean;
  readonly headers?: Record<string, string>;
  readonly at?: number;
}

export const now = Date.UTC(2026, 5, 1, 12);

const versions = { sts: '2011-06-15', iam: '2010-05-08' };

/** A request signed by `aws4`, as it arrives. */
export function signed(parameters: Record<string, string>, keys: Keys, sent: Sent = {}): ReceivedRequest {
  const {
    service = 'sts',
    host = `${service}.amazonaws.com`,
    region = 'us-east-1',
    presigned = false,
  } = sent;
  const { method = presigned ? 'GET' : 'POST', at = now } = sent;
  const form = new URLSearchParams({ Version: versions[service], ...parameters }).toString();
  const isPost = method === 'POST';
  const date = new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const options = aws4.sign(
    {
      service,
      host,
      region,
      method,
      path: isPost ? '/' : `/?${form}${presigned ? `&X-Amz-Date=${date}` : ''}`,
      signQuery: presigned,
      headers: {
        Host: host,
        ...(!presigned && { 'X-Amz-Date': date }),
        ...(isPost && { 'Content-Type': 'application/x-www-form-urlencoded' }),
        ...sent.headers,
      },
      ...(isPost && { body: form }),
    },
    { ...keys, sessionToken: keys.sessionToken ?? undefined } as aws4.Credentials,
  );
  const headers = Object.entries(options.headers ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return { method, target: options.path!, headers, body: Buffer.from(isPost ? form : '') };
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The text of an element that occurs once. */
  readonly text: (element: string) => string | undefined;
  /** The text of every element of a name. */
  readonly texts: (element: string) => string[];
}

export function ask(
  accounts: AwsAccounts,
  request: ReceivedRequest,
  service: 'sts' | 'iam' = 'sts',
  at = now,
): Answer {
  const served = serve(service === 'sts' ? sts : iam, request, { accounts, now: at, requestId: 'request-1' });
  const texts = (element: string): string[] =>
    [...served.body.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map((match) => match[1]!);
  return { ...served, texts, text: (element) => texts(element)[0] };
}

/** The credentials in an answer of AssumeRole. */
export const credentialsIn = (answer: Answer): Keys => ({
  accessKeyId: answer.text('AccessKeyId')!,
  secretAccessKey: answer.text('SecretAccessKey')!,
  sessionToken: answer.text('SessionToken')!,
});
