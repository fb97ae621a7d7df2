import { awsPlace, type Place, placeOf } from '../operator/place.ts';
import { clientConfig } from './engine/clients.ts';
import { type Connection, connect } from './engine/connect.ts';

/** The deployment of a running `cordon up`. */
export const localPlace = (connection: Connection, now: () => number = Date.now): Place => {
  const { account, region, outputs } = connection;
  return placeOf(
    {
      account,
      region,
      outputs,
      local: connection,
      withKeys: (keys) => clientConfig(connection, keys),
    },
    clientConfig(connection),
    now,
  );
};

/** The deployment that a command works on: AWS with `aws`, otherwise the running `cordon up`. */
export const placeFrom = ({
  root,
  port,
  aws = false,
}: {
  root: string;
  port?: number | undefined;
  aws?: boolean | undefined;
}): Promise<Place> => (aws ? awsPlace() : Promise.resolve(localPlace(connect({ root, port }))));
