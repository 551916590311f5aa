/** `countersign init --format …`: every snippet that a platform team needs to connect one cluster. */
import type { ConnectFormat, Connection, Snippet } from './connection.ts';
import { renderKops, renderKopsS3 } from './kops.ts';
import { renderKubeadm } from './kubeadm.ts';
import { renderStaticPod } from './static-pod.ts';

const renderers: Readonly<Record<ConnectFormat, (connection: Connection) => readonly Snippet[]>> = {
  kops: renderKops,
  'kops-s3': renderKopsS3,
  kubeadm: renderKubeadm,
  static: renderStaticPod,
};

/** The snippets of a format, in the order of their use. */
export const renderConnect = (format: ConnectFormat, connection: Connection): readonly Snippet[] =>
  renderers[format](connection);
