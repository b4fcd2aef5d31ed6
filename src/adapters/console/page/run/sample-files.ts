const RESUME = `MARTA LINDQVIST
Software engineer, Gothenburg

EXPERIENCE
Tech Lead, Parcel Routing - Nordfrakt AB, 2021 to today
- Replaced a chain of cron jobs by explicit state machines.
Senior Engineer, Payments - Klarsikt Betal AB, 2018 to 2021
- Made every call to the banks idempotent or explicitly unrepeatable.

LANGUAGES
Swedish (native), English (fluent), German (good)
`;

const POSTING = `STAFF ENGINEER, ORDER PLATFORM
Havsbris Energi, Malmö or remote within the EU

Own the design of our long-running processes: they must survive releases, outages and corrections by hand.
Apply by letter of one page: tell us about a system that you made boring.
`;

/** Two documents for trying a workflow. */
export const sampleFiles = (): readonly File[] => [
  new File([RESUME], 'resume.txt', { type: 'text/plain' }),
  new File([POSTING], 'job-description.txt', { type: 'text/plain' }),
];
