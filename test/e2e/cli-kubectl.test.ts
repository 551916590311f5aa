/** kubectl runs `countersign token` as its exec plugin, from the kubeconfig that `countersign kubeconfig` wrote. */
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { generate } from 'selfsigned';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { capture } from '../fixtures/capture.ts';
import { scratchFolder } from '../fixtures/scratch.ts';
import { alice, cliScript, countersign } from './cli-process.ts';

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0;

const certificate = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
  keyType: 'ec',
  algorithm: 'sha256',
  extensions: [
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
  ],
});

/** An apiserver that keeps the bearer tokens it is shown. */
async function apiserver(): Promise<{ url: string; shown: (string | undefined)[]; close: () => void }> {
  const shown: (string | undefined)[] = [];
  const server = createServer({ cert: certificate.cert, key: certificate.private }, (request, response) => {
    shown.push(request.headers.authorization);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'APIVersions', versions: ['v1'] }));
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shown,
    close: () => server.close(),
  };
}

const folder = scratchFolder();
const ca = join(folder, 'ca.pem');
writeFileSync(ca, certificate.cert);

const kubeconfig = (args: readonly string[]) =>
  countersign([
    'kubeconfig',
    '-i',
    'demo',
    '--server',
    'https://127.0.0.1:6443',
    '--certificate-authority',
    ca,
    ...args,
  ]);

describe('countersign kubeconfig', () => {
  test('prints a kubeconfig that embeds the authority', async () => {
    const { code, stdout } = await kubeconfig(['--profile', 'work']);
    expect(code).toBe(0);
    expect(parse(stdout)).toMatchObject({
      clusters: [
        {
          name: 'demo',
          cluster: { 'certificate-authority-data': Buffer.from(certificate.cert).toString('base64') },
        },
      ],
      users: [{ user: { exec: { command: 'countersign', env: [{ name: 'AWS_PROFILE', value: 'work' }] } } }],
      'current-context': 'demo',
    });
  });

  test('merges into a file, which it creates if missing, and asks before it replaces an entry', async () => {
    const file = join(folder, 'kube', 'config');
    expect(await kubeconfig(['--merge', '--kubeconfig', file])).toMatchObject({ code: 0, stdout: '' });
    const once = readFileSync(file, 'utf8');
    expect(
      (await kubeconfig(['--merge', '--kubeconfig', file, '--server', 'https://127.0.0.1:7443'])).stderr,
    ).toContain('has cluster demo with other settings');
    expect(readFileSync(file, 'utf8')).toBe(once);
    expect(
      (await kubeconfig(['--merge', '--kubeconfig', file, '--server', 'https://127.0.0.1:7443', '--yes']))
        .code,
    ).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('https://127.0.0.1:7443');
  });

  test.each([
    ['no server', ['kubeconfig', '-i', 'x', '--certificate-authority', ca], /--server/],
    [
      'a server that is no URL',
      ['kubeconfig', '-i', 'x', '--certificate-authority', ca, '--server', 'x'],
      /--server is x, which is not the URL of a server: it must be an https URL/,
    ],
    [
      'an authority that is not there',
      ['kubeconfig', '-i', 'x', '--certificate-authority', 'none', '--server', 'https://x'],
      /none cannot be read/,
    ],
    [
      'an authority that is none',
      ['kubeconfig', '-i', 'x', '--certificate-authority', 'package.json', '--server', 'https://x'],
      /holds no PEM certificate/,
    ],
    [
      'an unknown client',
      ['kubeconfig', '-i', 'x', '--certificate-authority', ca, '--server', 'https://x', '--exec', 'gcloud'],
      /Allowed choices/,
    ],
  ])('says in one sentence what is wrong: %s', async (_, args, sentence) => {
    const ended = await countersign(args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
  });
});

test.skipIf(!hasKubectl || process.platform === 'win32')(
  'kubectl shows a token that the plugin made',
  async () => {
    const server = await apiserver();
    const command = join(folder, 'countersign');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${resolve(cliScript)}" "$@"\n`);
    chmodSync(command, 0o755);
    const file = join(folder, 'kubectl-config');
    await kubeconfig(['--merge', '--kubeconfig', file, '--server', server.url]);
    const { stdout, stderr } = await promisify(execFile)(
      'kubectl',
      ['--kubeconfig', file, 'get', '--raw', '/api'],
      {
        env: { ...alice, PATH: `${folder}${delimiter}${process.env['PATH']}`, HOME: folder },
      },
    );
    server.close();
    capture(stdout + stderr);
    expect(stdout).toContain('APIVersions');
    expect(server.shown.every((header) => /^Bearer k8s-aws-v1\.[\w-]{100,}$/.test(header ?? ''))).toBe(true);
  },
);
