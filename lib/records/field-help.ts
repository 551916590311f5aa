/**
 * One line about each field that a writer sets: the help of the command line's options, and the descriptions in the OpenAPI
 * document and in the schema of a desired state. Separate from the kinds, so that help is shown without loading a schema. A
 * field without its line does not compile.
 */
import type { InputField, RecordKind } from './kinds.ts';

export const fieldHelp: { readonly [K in RecordKind]: Readonly<Record<InputField<K>, string>> } = {
  set: {
    name: 'name of the set',
    description: 'what it is',
  },
  cluster: {
    id: 'id of the cluster',
    description: 'what it is',
    partition: "AWS partition of the cluster's users",
    sets: 'set that it belongs to; "" for none',
    adminGroups: 'group of its admins',
    disabled: 'let no user in',
  },
  mapping: {
    scope: 'where it holds: cluster/<id>, set/<name> or all',
    principal: 'the AWS principal',
    username: 'Kubernetes user',
    groups: 'Kubernetes group',
    expiresAt: 'RFC 3339 time at which it expires, such as 2027-01-31T18:00:00Z',
    principalId: 'pin: the unique id that the principal must have',
    instanceProfiles: 'instance profile of the nodes, with {{EC2PrivateDNSName}}; a comma is part of the ARN',
  },
  denial: {
    principal: 'the AWS principal',
    principalId: 'a unique id: AROA…, AIDA…',
    userArn: 'the IAM user whose unique id it is, for display: it denies nothing itself',
    accessKeyId: 'an access key: AKIA…, ASIA…',
    sessionName: 'only this session of the role or permission set',
    reason: 'the reason, stored with the denial',
  },
  binding: {
    id: 'id of the binding',
    iamGroup: 'the IAM group',
    readerRoleArn: "role in the group's account, named CountersignGroupReader*, without a path",
    externalId: 'external id for that role',
    scope: 'where it holds: cluster/<id>, set/<name> or all',
    username: 'Kubernetes user (default: aws:{{AccountID}}:{{UserName}})',
    groups: 'Kubernetes group',
    allowSystemGroups: 'allow groups that begin with system:',
  },
};
