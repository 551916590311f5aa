// @ts-check
/**
 * What serverless.yml cannot do: validates the parameters, attaches a stage with its own settings, encrypts the
 * logs, and refuses to deploy placeholders.
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
        if (!Object.hasOwn(derived, address))
          throw new Error(`There is no setting "${address}": add it to scripts/osls/derived.mjs.`);
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
        dropImpliedDependencies(template.Resources);
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

/** Sets the key of each function's log group, which osls creates without one. */
function encryptLogs(/** @type {Resources} */ resources) {
  const key = resources['LogSettings']?.Properties['KmsKeyId'];
  delete resources['LogSettings'];
  for (const resource of Object.values(resources)) {
    if (resource.Type === 'AWS::Logs::LogGroup') resource.Properties['KmsKeyId'] = key;
  }
}

/**
 * By default, osls creates the stage as a part of the deployment, without throttling. infra/cloudformation/private-api.yml
 * defines the stage instead; here it is attached to the deployment, whose logical id changes with each packaging.
 */
function attachStage(/** @type {Resources} */ resources) {
  const stage = resources['ApiGatewayStage'];
  if (stage === undefined) return;
  const gatewayResponses = idsOf(resources, 'AWS::ApiGateway::GatewayResponse');
  const [deployment] = idsOf(resources, 'AWS::ApiGateway::Deployment');
  const resource = resources[deployment ?? ''];
  if (deployment === undefined || resource === undefined)
    throw new Error('The template has a stage but no deployment of the API.');
  delete resource.Properties['StageName'];
  resource.DependsOn = [...(resource.DependsOn ?? []), ...gatewayResponses];
  stage.Properties['DeploymentId'] = { Ref: deployment };
}

/** osls adds each function's role as an explicit dependency, which its reference already implies; cfn-lint warns of it. */
function dropImpliedDependencies(/** @type {Resources} */ resources) {
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

/** Removes every reference to AWS::NoValue from the template, in place. */
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
