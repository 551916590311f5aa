// @ts-check
/** An unset value. The plugin removes it from the template. */
export const noValue = { Ref: 'AWS::NoValue' };
