/** The servers that services stand on, as Compose services. A dollar sign is doubled where the container's shell is meant. */
import { images } from './images.ts';
import { REDIS_URL, ROOT_PASSWORD } from './secrets.ts';

const always = { restart: 'unless-stopped', security_opt: ['no-new-privileges:true'] } as const;
const health = (test: readonly string[], startPeriod: string) => ({
  test,
  interval: '5s',
  timeout: '10s',
  retries: 12,
  start_period: startPeriod,
});

/** Runs once, in the entrypoint of the image, when the volume is empty. */
export const accountsScript = `# One database and one account for each service, as the URLs say that the services are given.
for file in /run/secrets/*-database-url; do
  url=$$(cat "$$file")
  account=$\${url#mysql://}
  account=$\${account%%@*}
  database=$\${url##*/}
  database=$\${database%%\\?*}
  docker_process_sql <<SQL
CREATE DATABASE IF NOT EXISTS \\\`$$database\\\` CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS '$\${account%%:*}'@'%' IDENTIFIED BY '$\${account#*:}';
GRANT ALL PRIVILEGES ON \\\`$\${database//_/\\\\_}\\\`.* TO '$\${account%%:*}'@'%';
SQL
done
`;

export const mariadb = (databaseSecrets: readonly string[]) => ({
  image: images.mariadb,
  ...always,
  command: ['--character-set-server=utf8mb4', '--transaction-isolation=READ-COMMITTED'],
  environment: { MARIADB_ROOT_PASSWORD_FILE: `/run/secrets/${ROOT_PASSWORD}` },
  secrets: [ROOT_PASSWORD, ...databaseSecrets],
  configs: [{ source: 'mariadb-accounts', target: '/docker-entrypoint-initdb.d/accounts.sh' }],
  volumes: ['mariadb:/var/lib/mysql'],
  healthcheck: health(['CMD', 'healthcheck.sh', '--connect', '--innodb_initialized'], '60s'),
});

/** One node that is broker and controller (KRaft). */
export const kafka = () => ({
  image: images.kafka,
  ...always,
  environment: {
    KAFKA_NODE_ID: '1',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:9092',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  },
  volumes: ['kafka:/var/lib/kafka/data'],
  healthcheck: health(
    ['CMD', '/opt/kafka/bin/kafka-broker-api-versions.sh', '--bootstrap-server', 'localhost:9092'],
    '60s',
  ),
});

const redisPassword = `url=$$(cat /run/secrets/${REDIS_URL}); password=$\${url#redis://:}; password=$\${password%%@*}`;

/** Keeps nothing: what is in it can be lost. The password goes in by a pipe, so that no list of processes shows it. */
export const redis = () => ({
  image: images.redis,
  ...always,
  command: [
    'bash',
    '-c',
    `${redisPassword}; printf 'requirepass %s\\nsave ""\\nappendonly no\\n' "$$password" | exec redis-server -`,
  ],
  secrets: [REDIS_URL],
  healthcheck: health(
    ['CMD', 'bash', '-c', `${redisPassword}; REDISCLI_AUTH=$$password redis-cli ping | grep -q PONG`],
    '10s',
  ),
});
