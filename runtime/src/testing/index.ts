/** The test kit of a service: everything that its tests may use. */
export { startTestService } from './start-test-service.ts';
export { createTestDatabase, openTestDatabase, type TestDatabase } from './test-database.ts';
export type {
  DeliveryDetails,
  OperationCall,
  OperationClient,
  Publication,
  Stubs,
  TestAnswer,
  TestClock,
  TestOptions,
  TestService,
  TestShape,
  TestUser,
} from './test-service.ts';
