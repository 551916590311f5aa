/** AWS partitions. */
export const partitionIds = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
] as const;

export type PartitionId = (typeof partitionIds)[number];
