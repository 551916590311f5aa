import { exitCodes } from '../../exit.ts';
import type { Run } from '../../spec.ts';
import { execApiVersion, execCredential } from '../../token/exec-credential.ts';
import { obtainToken } from '../../token/obtain.ts';
import { tokenRequest } from '../../token/request.ts';

/** Prints an ExecCredential, or the bare token. */
export const run: Run = async (context) => {
  const { input, terminal, env } = context;
  const apiVersion = execApiVersion(env['KUBERNETES_EXEC_INFO']);
  const { token, expiresAt } = await obtainToken(tokenRequest(context), context);
  terminal.data(`${input.flag('tokenOnly') ? token : execCredential(apiVersion, token, expiresAt)}\n`);
  return exitCodes.done;
};
