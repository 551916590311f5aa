/** A rendered CloudFormation template, and the queries of the rules. */

export interface Resource {
  Type: string;
  // The properties depend on the type; the rules read them.
  // oxlint-disable-next-line typescript/no-explicit-any
  Properties: Record<string, any>;
  DependsOn?: string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs: Record<string, { Value: unknown; Description?: string }>;
}

export const resourcesOf = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);

export interface Method {
  readonly id: string;
  readonly method: string;
  /** As in `/v1/clusters/{clusterId}`. */
  readonly path: string;
  readonly authorization: string;
  /** Logical id of the function. */
  readonly target: string;
}

/** Every method of the REST API, with its full path. */
export function methodsOf(template: Template): Method[] {
  const pathOf = (reference: unknown): string => {
    const { Ref } = reference as { Ref?: string };
    if (Ref === undefined) return '';
    const { ParentId, PathPart } = template.Resources[Ref]!.Properties;
    return `${pathOf(ParentId)}/${PathPart}`;
  };
  return resourcesOf(template, 'AWS::ApiGateway::Method').map(([id, { Properties }]) => ({
    id,
    method: Properties['HttpMethod'],
    path: pathOf(Properties['ResourceId']),
    authorization: Properties['AuthorizationType'],
    target:
      /"Fn::GetAtt":\["(\w+LambdaFunction)","Arn"\]/.exec(JSON.stringify(Properties['Integration']))?.[1] ??
      '',
  }));
}

export interface Statement {
  readonly role: string;
  readonly sid: string;
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Every statement of every role's inline policies. */
export const statementsOf = (template: Template): Statement[] =>
  resourcesOf(template, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
    // oxlint-disable-next-line typescript/no-explicit-any
    (Properties['Policies'] as any[]).flatMap((policy) =>
      // oxlint-disable-next-line typescript/no-explicit-any
      (policy.PolicyDocument.Statement as any[]).map((statement) => ({
        role,
        sid: (statement.Sid as string | undefined) ?? '',
        actions: list(statement.Action) as string[],
        resources: list(statement.Resource),
      })),
    ),
  );
