import { runCases } from './support/cases.ts';
import { kafka } from './support/transports.ts';
import { busCases } from './suites/bus-cases.ts';
import { consumerCases } from './suites/consumer-cases.ts';
import { retryCases } from './suites/retry-cases.ts';
import { sizeCases } from './suites/size-cases.ts';
import { topicCases } from './suites/topic-cases.ts';

runCases(kafka, [...busCases, ...topicCases, ...consumerCases, ...retryCases, ...sizeCases]);
