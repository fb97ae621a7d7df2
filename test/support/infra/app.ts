import { protectedApp } from './shared.ts';
import { ofType, one, type Resource } from './synthesised.ts';

export const appResources = (type: string): readonly Resource[] =>
  ofType(protectedApp, `AWS::${type}`);

export const appFunctionId = (name: string): string =>
  one(protectedApp, 'AWS::Lambda::Function', new RegExp(`^Functions${name}Function`)).id;
