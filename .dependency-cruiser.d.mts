// The type of the configuration beside it, for the test that runs it.
import type { IConfiguration } from 'dependency-cruiser';

declare const configuration: IConfiguration;
export default configuration;
