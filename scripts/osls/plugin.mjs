// @ts-check
/**
 * The little that serverless.yml cannot say by itself: parameters that are checked, a stage with its own
 * settings, encrypted logs; and a deployment with placeholders is refused.
 */
import { derive } from './derived.mjs';
import { placeholdersIn, readSettings } from './settings.mjs';

/** @typedef {{Type: string, Properties: Record<string, unknown>, DependsOn?: string[]}} Resource */
/** @typedef {Record<string, Resource>} Resources */

/** @param {{options: {stage?: string, param?: string[]}, serviceDir: string}} context */
function settingsOf({ options, serviceDir }) {
  const stage = options.stage ?? 'dev';
  return {
    stage,
    settings: readSettings({ stage, params: options.param ?? [], serviceDir }),
  };
}

export default class CountersignPlugin {
  configurationVariablesSources = {
    setting: {
      /** @param {{address: string, options: {stage?: string, param?: string[]}, serviceDir: string}} variable */
      resolve({ address, options, serviceDir }) {
        const { stage, settings } = settingsOf({ options, serviceDir });
        const derived = derive(settings, { stage });
        if (!Object.hasOwn(derived, address)) throw new Error(`There is no setting ${address}.`);
        return { value: derived[address] };
      },
    },
  };

  /**
   * @param {{serviceDir: string, service: {provider: {compiledCloudFormationTemplate: {Resources: Resources}}}}} serverless
   * @param {{stage?: string, param?: string[]}} options
   */
  constructor(serverless, options) {
    this.hooks = {
      'before:deploy:deploy': () => refusePlaceholders({ options, serviceDir: serverless.serviceDir }),
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const template = serverless.service.provider.compiledCloudFormationTemplate;
        encryptLogs(template.Resources);
        attachStage(template.Resources);
        dropNeedlessDependencies(template.Resources);
        prune(template);
      },
    };
  }
}

/** @param {{options: {stage?: string, param?: string[]}, serviceDir: string}} context */
function refusePlaceholders(context) {
  const { stage, settings } = settingsOf(context);
  const names = placeholdersIn(settings);
  if (names.length > 0) {
    throw new Error(
      `Stage ${stage} still has placeholders for ${names.join(' and ')}: set them in infra/parameters/${stage}.yml (docs/deploy.md explains each parameter).`,
    );
  }
}

/** The key is written at each function's log group, which osls makes without one. */
function encryptLogs(/** @type {Resources} */ resources) {
  const key = resources['LogSettings']?.Properties['KmsKeyId'];
  delete resources['LogSettings'];
  for (const resource of Object.values(resources)) {
    if (resource.Type === 'AWS::Logs::LogGroup') resource.Properties['KmsKeyId'] = key;
  }
}

/**
 * osls has the deployment make the stage, which leaves no place for throttling. infra/cloudformation/private-api.yml
 * has a stage of its own, which is tied here to the deployment: its logical id is new at each packaging.
 */
function attachStage(/** @type {Resources} */ resources) {
  const stage = resources['ApiGatewayStage'];
  if (stage === undefined) return;
  const gatewayResponses = idsOf(resources, 'AWS::ApiGateway::GatewayResponse');
  const [deployment] = idsOf(resources, 'AWS::ApiGateway::Deployment');
  const resource = resources[deployment ?? ''];
  if (deployment === undefined || resource === undefined)
    throw new Error('There is no deployment of the API.');
  delete resource.Properties['StageName'];
  resource.DependsOn = [...(resource.DependsOn ?? []), ...gatewayResponses];
  stage.Properties['DeploymentId'] = { Ref: deployment };
}

/** osls names each function's role as a dependency, which the reference to it says already; cfn-lint warns of it. */
function dropNeedlessDependencies(/** @type {Resources} */ resources) {
  for (const resource of Object.values(resources)) {
    if (resource.Type === 'AWS::Lambda::Function') {
      resource.DependsOn = (resource.DependsOn ?? []).filter(
        (id) => resources[id]?.Type !== 'AWS::IAM::Role',
      );
    }
  }
}

const idsOf = (/** @type {Resources} */ resources, /** @type {string} */ type) =>
  Object.keys(resources).filter((id) => resources[id]?.Type === type);

/** Takes every reference to AWS::NoValue out of the template, in place: what is unset is then not there. */
function prune(/** @type {unknown} */ value) {
  if (Array.isArray(value)) {
    for (let index = value.length - 1; index >= 0; index -= 1) {
      if (isNoValue(value[index])) value.splice(index, 1);
      else prune(value[index]);
    }
  } else if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (isNoValue(inner)) delete value[key];
      else prune(inner);
    }
  }
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => typeof value === 'object' && value !== null;

const isNoValue = (/** @type {unknown} */ value) => isRecord(value) && value['Ref'] === 'AWS::NoValue';
