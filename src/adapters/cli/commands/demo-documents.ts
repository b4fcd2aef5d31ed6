/** Two real documents that ship with the package, as input for `goal-lane demo`. */
export interface DemoDocument {
  readonly name: string;
  readonly text: string;
}

const resume: DemoDocument = {
  name: 'resume.txt',
  text: `MARTA LINDQVIST
Software engineer, Gothenburg
marta.lindqvist@example.com

PROFILE
Backend engineer with nine years in payments and logistics. I like systems that can be
explained on one page, and that still work when a machine is unplugged.

EXPERIENCE

Tech Lead, Parcel Routing - Nordfrakt AB, 2021 to today
- Lead of a team of five for the service that assigns 400,000 parcels a day to routes.
- Replaced a chain of cron jobs by explicit state machines: incidents at night fell from
  eleven to one a month.
- Introduced contract tests between four services; a release takes 20 minutes, not a day.

Senior Engineer, Payments - Klarsikt Betal AB, 2018 to 2021
- Built the reconciliation of card payments against three banks (Node.js, PostgreSQL).
- Made every call to the banks idempotent or explicitly unrepeatable; double bookings
  went from some forty a year to none.

Engineer - Hamnen Data AB, 2015 to 2018
- Tracking of containers, from a spreadsheet to an API with 200 customers.

EDUCATION
MSc Computer Science, Chalmers University of Technology, 2015

SKILLS
TypeScript, Node.js, PostgreSQL, Go, statecharts, observability, mentoring

LANGUAGES
Swedish (native), English (fluent), German (good)
`,
};

const jobDescription: DemoDocument = {
  name: 'job-description.txt',
  text: `STAFF ENGINEER, ORDER PLATFORM
Havsbris Energi, Malmö or remote within the EU

ABOUT US
We deliver electricity and heat to 300,000 homes. The order platform takes every change
of supplier, every move and every new contract, and talks to the grid operators' systems,
which are slow, strict and sometimes down.

WHAT YOU WILL DO
- Own the design of our long-running processes: a change of supplier takes up to three
  weeks and must survive releases, outages and corrections by hand.
- Turn our retry scripts into a system that knows what it has sent and what it has not.
- Coach two teams of six; write decisions down and defend them.

WHAT WE LOOK FOR
- Long experience with backend systems in TypeScript, Java or Go.
- A record of making integrations with unreliable partners reliable.
- Experience of leading without being anyone's manager.
- Swedish and English, both in writing.

WHAT WE OFFER
Salary from 68,000 SEK a month, 30 days of leave, a budget for learning, and an on-call
rota in which a night without a call is the normal one.

Apply by letter of one page: tell us about a system that you made boring.
`,
};

export const demoDocuments: readonly DemoDocument[] = [resume, jobDescription];
