const of = (Type: string, Properties: object = {}) => ({ Type, Properties });
const graphqlId = { 'Fn::GetAtt': ['Graph', 'ApiId'] };

/** A GraphQL API with a field that answers `from graphql` to whoever has its key. */
export const graphql = {
  Graph: of('AWS::AppSync::GraphQLApi', { Name: 'graph', AuthenticationType: 'API_KEY' }),
  Key: of('AWS::AppSync::ApiKey', { ApiId: graphqlId }),
  Schema: of('AWS::AppSync::GraphQLSchema', {
    ApiId: graphqlId,
    Definition: 'type Query { hello: String } schema { query: Query }',
  }),
  Nothing: of('AWS::AppSync::DataSource', { ApiId: graphqlId, Name: 'nothing', Type: 'NONE' }),
  Hello: {
    ...of('AWS::AppSync::Resolver', {
      ApiId: graphqlId,
      TypeName: 'Query',
      FieldName: 'hello',
      DataSourceName: 'nothing',
      Runtime: { Name: 'APPSYNC_JS', RuntimeVersion: '1.0.0' },
      Code: `export const request = () => ({ payload: 'from graphql' });
        export const response = (ctx) => ctx.result;`,
    }),
    DependsOn: ['Schema', 'Nothing'],
  },
};
