/** What the snippets of every format have in common. */
import { describe, expect, test } from 'vitest';
import { connectFormats } from '../../../cli/connect/connection.ts';
import { renderConnect } from '../../../cli/connect/render.ts';
import { connection, separate, snippet, webhookToken } from '../../fixtures/connect-snippets.ts';

describe.each(connectFormats)('%s', (format) => {
  test(`the snippets of ${format} that hold the webhook token are marked secret, and no others`, () => {
    for (const from of [connection, separate]) {
      for (const { content, secret } of renderConnect(format, from)) {
        expect(content.includes(webhookToken)).toBe(secret);
      }
    }
  });

  test(`the kubeconfig of ${format} does not hold the token if the token has a file of its own`, () => {
    const texts = renderConnect(format, separate).map(({ content }) => content);
    expect(texts.some((text) => text.includes('tokenFile: /'))).toBe(true);
    expect(texts.some((text) => /token: example/.test(text))).toBe(false);
  });

  test(`the commands of ${format} roll out one node first`, () => {
    expect(snippet(format, 'roll-out.sh').content).toMatch(
      /one control-plane group|first control-plane node|ONE/,
    );
  });
});
