/**
 * All AWS services that a function calls, on one port: DynamoDB is dynalite, STS and IAM are the stand-ins of
 * `countersign dev`, EC2 and Lambda have fixed answers. Each call is recorded as the IAM action that it needs.
 */
import http from 'node:http';
import { listen } from '../../../dev/server/listen.ts';

export interface Recorder {
  readonly endpoint: string;
  /** `dynamodb:Query table`, `dynamodb:Query index/gsi1`, `sts:AssumeRole <arn>`, …, each once. */
  readonly actions: Set<string>;
  close(): void;
}

export interface Targets {
  readonly dynamodb: string;
  /** STS and IAM. */
  readonly aws: string;
}

/** The instance that a node mapping looks up. */
const instance = {
  id: 'i-0123456789abcdef0',
  xml: `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet><item>
<ownerId>111122223333</ownerId><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId>
<instanceState><code>16</code><name>running</name></instanceState>
<privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName>
<iamInstanceProfile><arn>arn:aws:iam::111122223333:instance-profile/Nodes</arn></iamInstanceProfile>
</item></instancesSet></item></reservationSet></DescribeInstancesResponse>`,
} as const;
export const instanceId = instance.id;

export async function startRecorder({ dynamodb, aws }: Targets): Promise<Recorder> {
  const actions = new Set<string>();
  const server = http.createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const call = classify(request, body.toString());
      if (call.action !== undefined) actions.add(call.action);
      if (call.to === 'here')
        response.writeHead(call.status, { 'content-type': 'text/xml' }).end(call.answer);
      else relay(call.to === 'dynamodb' ? dynamodb : aws, request, response, body);
    });
  });
  const port = await listen(server, 0, 'the recorder');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    actions,
    close: () => server.close().closeAllConnections(),
  };
}

type Call =
  | { readonly to: 'dynamodb' | 'aws'; readonly action: string | undefined }
  | { readonly to: 'here'; readonly action: string; readonly status: number; readonly answer: string };

function classify(request: http.IncomingMessage, body: string): Call {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const { IndexName } = JSON.parse(body) as { IndexName?: string };
    const resource = IndexName === undefined ? 'table' : `index/${IndexName}`;
    return { to: 'dynamodb', action: `dynamodb:${target.split('.')[1]} ${resource}` };
  }
  const invoked = /^\/2015-03-31\/functions\/([\w-]+)\/invocations/.exec(request.url ?? '')?.[1];
  if (invoked !== undefined) {
    return { to: 'here', action: `lambda:InvokeFunction ${invoked}`, status: 202, answer: '' };
  }
  const form = new URLSearchParams(body);
  switch (form.get('Action')) {
    case 'DescribeInstances':
      return { to: 'here', action: 'ec2:DescribeInstances *', status: 200, answer: instance.xml };
    case 'GetGroup':
      return { to: 'aws', action: `iam:GetGroup group/${form.get('GroupName')}` };
    case 'AssumeRole':
      return { to: 'aws', action: `sts:AssumeRole ${form.get('RoleArn')}` };
    case null:
      // The presigned GetCallerIdentity of the token: a call of the token's holder, which needs no permission.
      return { to: 'aws', action: undefined };
    default:
      return { to: 'aws', action: `unknown:${form.get('Action')}` };
  }
}

/** Forwards the request unchanged: signatures cover the host. */
function relay(to: string, request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): void {
  const { method, url, headers } = request;
  const onward = http.request(`${to}${url}`, {
    method,
    headers,
    agent: false,
    setHost: false,
    maxHeaderSize: 65_536,
  });
  onward.on('error', () => response.destroy());
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.end(body);
}
