/**
 * A loopback proxy before a local DynamoDB: keeps what went over the wire, and answers instead of it where a test wants
 * a fault.
 */
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface WireCall {
  /** `Query`, `BatchGetItem`, … */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly headers: http.IncomingHttpHeaders;
}

export type WireAnswer = Readonly<Record<string, unknown>>;

export type Fault =
  /** Answers this instead. */
  | { readonly status: number; readonly body: unknown; readonly raw?: never }
  | { readonly status: number; readonly raw: string; readonly body?: never }
  /** Closes the connection without an answer. */
  | 'reset'
  /** Never answers. */
  | 'hang'
  /** The real answer, cut off in the middle. */
  | 'truncate'
  /** The write is made, and its answer lost. */
  | 'lose_answer';

export interface DynamoDbProxy {
  readonly endpoint: string;
  /** Every call, in order, faults included. */
  readonly calls: WireCall[];
  /** Connections that were ever made. */
  connections(): number;
  /** Asked for every call; `undefined` lets it pass. */
  onCall(decide: (call: WireCall, index: number) => Fault | undefined | Promise<Fault | undefined>): void;
  /** Changes real answers of DynamoDB, as parsed JSON. */
  onAnswer(change: (call: WireCall, answer: WireAnswer) => WireAnswer): void;
  /** Closes all idle connections, as a peer does while Lambda has frozen us. */
  dropConnections(): void;
  reset(): void;
  close(): Promise<void>;
}

export async function startDynamoDbProxy(target: string): Promise<DynamoDbProxy> {
  const calls: WireCall[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let decide: Parameters<DynamoDbProxy['onCall']>[0] = () => undefined;
  let change: (call: WireCall, answer: WireAnswer) => WireAnswer = (_call, answer) => answer;

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void handle(request, response, Buffer.concat(chunks)));
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });

  async function handle(request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const call = { operation, input: JSON.parse(body.toString()), headers: request.headers };
    calls.push(call);
    const fault = await decide(call, calls.length - 1);
    if (fault === 'hang') return;
    if (fault === 'reset') {
      request.socket.destroy();
    } else if (typeof fault === 'object') {
      const text = fault.raw ?? JSON.stringify(fault.body);
      response.writeHead(fault.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(text);
    } else {
      await relay(call, fault, request, response, body);
    }
  }

  async function relay(
    call: WireCall,
    fault: 'truncate' | 'lose_answer' | undefined,
    request: http.IncomingMessage,
    response: http.ServerResponse,
    body: Buffer,
  ) {
    const answer = await forward(target, request, body);
    const text = answer.status === 200 ? JSON.stringify(change(call, JSON.parse(answer.text))) : answer.text;
    if (fault === 'lose_answer') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, {
      'Content-Type': 'application/x-amz-json-1.0',
      'Content-Length': Buffer.byteLength(text),
    });
    if (fault === undefined) {
      response.end(text);
    } else {
      response.write(text.slice(0, Math.floor(text.length / 2)));
      setTimeout(() => request.socket.destroy(), 5);
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    connections: () => connections,
    onCall: (next) => void (decide = next),
    onAnswer: (next) => void (change = next),
    dropConnections: () => sockets.forEach((socket) => socket.destroy()),
    reset() {
      calls.length = 0;
      decide = () => undefined;
      change = (_call, answer) => answer;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function forward(target: string, request: http.IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { host, ...headers } = request.headers;
    const onward = http.request(target, { method: 'POST', headers: { ...headers, host }, agent: false });
    onward.on('error', reject);
    onward.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    onward.end(body);
  });
}
