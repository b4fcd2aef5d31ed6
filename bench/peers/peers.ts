import { axiosLoop, eagerAxiosLoop } from './axios-loop.js';
import { azureLro } from './azure-lro.js';
import { falQueue } from './fal-queue.js';
import type { Peer } from './peer.js';
import { replicateClient } from './replicate-client.js';

export const PEERS: readonly Peer[] = [axiosLoop, eagerAxiosLoop, azureLro, falQueue, replicateClient];
