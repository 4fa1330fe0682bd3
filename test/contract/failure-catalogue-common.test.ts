import { COMMON_SITUATIONS } from './failure-catalogue/common-situations.ts';
import { describeSituations } from './failure-catalogue/describe.ts';

describeSituations('what can befall any store (scripted fault server)', COMMON_SITUATIONS);
