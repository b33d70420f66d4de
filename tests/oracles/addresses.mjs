import { getAddress as byEthers } from 'ethers';
import { getAddress as byViem } from 'viem';

export const checksum = ({ address }) => ({ viem: () => byViem(address), ethers: () => byEthers(address) });
