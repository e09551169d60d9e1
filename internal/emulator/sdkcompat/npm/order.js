// Places an order, reads the circuit and sets its renewal, with Alibaba Cloud's clients at their
// default settings. Use: node order.js CIRCUIT, with the variables that the emulator prints.
import bss from "@alicloud/bssopenapi20171214";
import vpc from "@alicloud/vpc20160428";

const [circuit] = process.argv.slice(2);
const config = {
  accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
  accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
  securityToken: process.env.ALIBABA_CLOUD_SECURITY_TOKEN,
  regionId: process.env.ALIBABA_CLOUD_REGION,
  endpoint: new URL(process.env.ALIBABA_CLOUD_ENDPOINT_VPC).host,
};
const regionId = config.regionId;
const network = new vpc.default(config);
const billing = new bss.default(config);

const placed = await network.createPhysicalConnectionOccupancyOrder(
  new vpc.CreatePhysicalConnectionOccupancyOrderRequest({
    regionId, physicalConnectionId: circuit, period: 1, pricingCycle: "Year", instanceChargeType: "PrePaid",
    autoPay: true, clientToken: "a token/with+reserved=characters&more~*!'()",
  }));
console.log("order", placed.body.data.orderId);

const listed = await network.describePhysicalConnections(
  new vpc.DescribePhysicalConnectionsRequest({
    regionId, filter: [new vpc.DescribePhysicalConnectionsRequestFilter({ key: "PhysicalConnectionId", value: [circuit] })],
  }));
console.log("status", listed.body.physicalConnectionSet.physicalConnectionType[0].status);

await billing.setRenewal(new bss.SetRenewalRequest({
  instanceIDs: circuit, productCode: "pconn", renewalStatus: "AutoRenewal", renewalPeriod: 6, renewalPeriodUnit: "M",
}));
const instances = await billing.queryAvailableInstances(new bss.QueryAvailableInstancesRequest({ instanceIDs: circuit }));
console.log("renewal", instances.body.data.instanceList[0].renewStatus);
