import type { Result } from '../service.ts';
import type { Group, Role, User } from '../world.ts';

/** Nothing in a fixture has a date: everything was made at the same moment. */
const createdAt = new Date(Date.UTC(2026, 0, 1));

/** Path, name, id, ARN and date, by the names that IAM gives them. */
export const describeEntity = (entity: Group | Role | User, kind: 'Group' | 'Role' | 'User'): Result => ({
  Path: entity.path,
  [`${kind}Name`]: entity.name,
  [`${kind}Id`]: entity.id,
  Arn: entity.arn,
  CreateDate: createdAt,
});

export const describeUser = (user: User): Result => describeEntity(user, 'User');
