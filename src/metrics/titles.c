// SPDX-License-Identifier: Apache-2.0
// Titles of well-known events, by provider and event id.
#include "metrics/titles.h"

struct title {
	uint32_t event_id;
	struct str text;
};

static const struct title security_auditing[] = {
	{4608, STR_INIT("Windows starts")},
	{4609, STR_INIT("Windows shuts down")},
	{4610, STR_INIT("LSA loaded an authentication package")},
	{4611, STR_INIT("LSA registered a logon process")},
	{4614, STR_INIT("SAM loaded a notification package")},
	{4616, STR_INIT("System time changed")},
	{4622, STR_INIT("LSA loaded a security package")},
	{4624, STR_INIT("Logon succeeded")},
	{4625, STR_INIT("Logon failed")},
	{4627, STR_INIT("Groups of a logon")},
	{4634, STR_INIT("Logoff")},
	{4647, STR_INIT("Logoff asked for by the user")},
	{4648, STR_INIT("Explicit credentials used")},
	{4649, STR_INIT("Kerberos replay detected")},
	{4656, STR_INIT("Handle to an object requested")},
	{4657, STR_INIT("Registry value changed")},
	{4658, STR_INIT("Handle to an object closed")},
	{4660, STR_INIT("Object deleted")},
	{4661, STR_INIT("Handle to SAM or directory requested")},
	{4662, STR_INIT("Directory object operated on")},
	{4663, STR_INIT("Object accessed")},
	{4670, STR_INIT("Permissions of an object changed")},
	{4672, STR_INIT("Logon with special privileges")},
	{4673, STR_INIT("Privileged service called")},
	{4674, STR_INIT("Privileged object operated on")},
	{4688, STR_INIT("Process started")},
	{4689, STR_INIT("Process ended")},
	{4690, STR_INIT("Handle duplicated")},
	{4692, STR_INIT("DPAPI master key backup tried")},
	{4696, STR_INIT("Primary token given to a process")},
	{4697, STR_INIT("Service installed")},
	{4698, STR_INIT("Scheduled task created")},
	{4699, STR_INIT("Scheduled task deleted")},
	{4700, STR_INIT("Scheduled task enabled")},
	{4701, STR_INIT("Scheduled task disabled")},
	{4702, STR_INIT("Scheduled task updated")},
	{4703, STR_INIT("Rights of a token changed")},
	{4704, STR_INIT("User right assigned")},
	{4706, STR_INIT("Trust to a domain created")},
	{4713, STR_INIT("Kerberos policy changed")},
	{4717, STR_INIT("Right to log on granted")},
	{4719, STR_INIT("Audit policy changed")},
	{4720, STR_INIT("User account created")},
	{4722, STR_INIT("User account enabled")},
	{4723, STR_INIT("Own password change tried")},
	{4724, STR_INIT("Password reset tried")},
	{4725, STR_INIT("User account disabled")},
	{4726, STR_INIT("User account deleted")},
	{4728, STR_INIT("Member added to a global group")},
	{4729, STR_INIT("Member removed from a global group")},
	{4731, STR_INIT("Local group created")},
	{4732, STR_INIT("Member added to a local group")},
	{4733, STR_INIT("Member removed from a local group")},
	{4735, STR_INIT("Local group changed")},
	{4737, STR_INIT("Global group changed")},
	{4738, STR_INIT("User account changed")},
	{4739, STR_INIT("Domain policy changed")},
	{4740, STR_INIT("Account locked out")},
	{4741, STR_INIT("Computer account created")},
	{4742, STR_INIT("Computer account changed")},
	{4743, STR_INIT("Computer account deleted")},
	{4756, STR_INIT("Member added to a universal group")},
	{4764, STR_INIT("Type of a group changed")},
	{4765, STR_INIT("SID history added")},
	{4767, STR_INIT("Account unlocked")},
	{4768, STR_INIT("Kerberos ticket-granting ticket requested")},
	{4769, STR_INIT("Kerberos service ticket requested")},
	{4770, STR_INIT("Kerberos service ticket renewed")},
	{4771, STR_INIT("Kerberos pre-authentication failed")},
	{4776, STR_INIT("NTLM credentials checked")},
	{4778, STR_INIT("Session reconnected")},
	{4779, STR_INIT("Session disconnected")},
	{4780, STR_INIT("Permissions of administrators reset")},
	{4781, STR_INIT("Account renamed")},
	{4794, STR_INIT("Directory restore password set")},
	{4797, STR_INIT("Blank password looked for")},
	{4798, STR_INIT("Groups of a user listed")},
	{4799, STR_INIT("Members of a local group listed")},
	{4800, STR_INIT("Workstation locked")},
	{4801, STR_INIT("Workstation unlocked")},
	{4825, STR_INIT("Remote desktop access denied")},
	{4826, STR_INIT("Boot configuration loaded")},
	{4886, STR_INIT("Certificate requested")},
	{4887, STR_INIT("Certificate issued")},
	{4902, STR_INIT("Audit policy of users set up")},
	{4904, STR_INIT("Security event source registered")},
	{4905, STR_INIT("Security event source unregistered")},
	{4907, STR_INIT("Auditing of an object changed")},
	{4928, STR_INIT("Replication source established")},
	{4929, STR_INIT("Replication source removed")},
	{4932, STR_INIT("Replication of a naming context begins")},
	{4946, STR_INIT("Firewall rule added")},
	{4947, STR_INIT("Firewall rule changed")},
	{4948, STR_INIT("Firewall rule deleted")},
	{4950, STR_INIT("Firewall setting changed")},
	{4964, STR_INIT("Logon of a member of special groups")},
	{5024, STR_INIT("Firewall service started")},
	{5025, STR_INIT("Firewall service stopped")},
	{5033, STR_INIT("Firewall driver started")},
	{5038, STR_INIT("Hash of a system file is wrong")},
	{5058, STR_INIT("Key file used")},
	{5059, STR_INIT("Key migrated")},
	{5061, STR_INIT("Key used")},
	{5136, STR_INIT("Directory object changed")},
	{5137, STR_INIT("Directory object created")},
	{5140, STR_INIT("Share accessed")},
	{5141, STR_INIT("Directory object deleted")},
	{5142, STR_INIT("Share added")},
	{5143, STR_INIT("Share changed")},
	{5144, STR_INIT("Share deleted")},
	{5145, STR_INIT("Access to a file on a share checked")},
	{5152, STR_INIT("Packet blocked")},
	{5154, STR_INIT("Listening allowed")},
	{5156, STR_INIT("Connection allowed")},
	{5157, STR_INIT("Connection blocked")},
	{5158, STR_INIT("Bind to a port allowed")},
	{5379, STR_INIT("Stored credentials read")},
	{5447, STR_INIT("Filter of the filtering platform changed")},
	{6416, STR_INIT("New device recognised")},
};

static const struct title eventlog[] = {
	{104, STR_INIT("Log cleared")},		  {1100, STR_INIT("Event log service shut down")},
	{1101, STR_INIT("Audit events dropped")}, {1102, STR_INIT("Security log cleared")},
	{1104, STR_INIT("Security log full")},	  {1105, STR_INIT("Log archived")},
};

static const struct title classic_eventlog[] = {
	{6005, STR_INIT("Event log service started")},
	{6006, STR_INIT("Event log service stopped")},
	{6008, STR_INIT("Unexpected shutdown before")},
	{6009, STR_INIT("Windows version at start")},
	{6013, STR_INIT("Time since start")},
};

static const struct title service_control_manager[] = {
	{7000, STR_INIT("Service failed to start")},
	{7009, STR_INIT("Service start timed out")},
	{7022, STR_INIT("Service hung at start")},
	{7023, STR_INIT("Service ended with an error")},
	{7024, STR_INIT("Service ended with its own error")},
	{7026, STR_INIT("Boot drivers failed to load")},
	{7031, STR_INIT("Service crashed, action follows")},
	{7034, STR_INIT("Service crashed")},
	{7035, STR_INIT("Service control sent")},
	{7036, STR_INIT("Service state changed")},
	{7040, STR_INIT("Service start type changed")},
	{7045, STR_INIT("Service installed")},
};

static const struct title kernel_general[] = {
	{1, STR_INIT("System time changed")},
	{12, STR_INIT("Windows starts")},
	{13, STR_INIT("Windows shuts down")},
	{16, STR_INIT("Access history of a registry hive cleared")},
};

static const struct title kernel_power[] = {
	{41, STR_INIT("Restart without clean shutdown")},
	{42, STR_INIT("System goes to sleep")},
	{107, STR_INIT("System resumed from sleep")},
	{109, STR_INIT("Shutdown begins")},
};

static const struct title user32[] = {
	{1074, STR_INIT("Shutdown or restart requested")},
	{1076, STR_INIT("Reason of a shutdown given")},
};

static const struct title winlogon[] = {
	{7001, STR_INIT("Logon to customer experience")},
	{7002, STR_INIT("Logoff from customer experience")},
};

static const struct title user_pnp[] = {
	{20001, STR_INIT("Driver of a device installed")},
	{20003, STR_INIT("Driver service added")},
};

static const struct title group_policy[] = {
	{1500, STR_INIT("Computer policy applied, no change")},
	{1502, STR_INIT("Computer policy applied, changes")},
};

static const struct title update_client[] = {
	{19, STR_INIT("Update installed")},
	{20, STR_INIT("Update failed to install")},
	{43, STR_INIT("Update installation started")},
	{44, STR_INIT("Update download started")},
};

static const struct title application_error[] = {
	{1000, STR_INIT("Program crashed")},
};

static const struct title msi_installer[] = {
	{1033, STR_INIT("Product installed")},
	{1034, STR_INIT("Product removed")},
	{1040, STR_INIT("Installer transaction begins")},
	{1042, STR_INIT("Installer transaction ends")},
	{11707, STR_INIT("Installation succeeded")},
	{11724, STR_INIT("Removal succeeded")},
};

static const struct title sysmon[] = {
	{1, STR_INIT("Process started")},
	{2, STR_INIT("File creation time changed")},
	{3, STR_INIT("Network connection")},
	{4, STR_INIT("Sysmon state changed")},
	{5, STR_INIT("Process ended")},
	{6, STR_INIT("Driver loaded")},
	{7, STR_INIT("Image loaded")},
	{8, STR_INIT("Thread in another process created")},
	{9, STR_INIT("Raw disk read")},
	{10, STR_INIT("Process opened by another")},
	{11, STR_INIT("File created")},
	{12, STR_INIT("Registry key or value created or deleted")},
	{13, STR_INIT("Registry value set")},
	{14, STR_INIT("Registry key or value renamed")},
	{15, STR_INIT("File stream created")},
	{16, STR_INIT("Sysmon configuration changed")},
	{17, STR_INIT("Pipe created")},
	{18, STR_INIT("Pipe connected")},
	{19, STR_INIT("WMI filter registered")},
	{20, STR_INIT("WMI consumer registered")},
	{21, STR_INIT("WMI consumer bound to a filter")},
	{22, STR_INIT("DNS query")},
	{23, STR_INIT("File deleted, copy kept")},
	{24, STR_INIT("Clipboard changed")},
	{25, STR_INIT("Process image tampered with")},
	{26, STR_INIT("File deleted")},
	{27, STR_INIT("Executable file blocked")},
	{28, STR_INIT("File shredding blocked")},
	{29, STR_INIT("Executable file created")},
	{255, STR_INIT("Sysmon error")},
};

static const struct title powershell[] = {
	{4100, STR_INIT("Error in a pipeline")},   {4103, STR_INIT("Command run in a pipeline")},
	{4104, STR_INIT("Script block compiled")}, {4105, STR_INIT("Script block begins")},
	{4106, STR_INIT("Script block ends")},	   {8193, STR_INIT("Runspace created")},
	{40961, STR_INIT("Console starts")},	   {40962, STR_INIT("Console ready")},
	{53504, STR_INIT("Named pipe listens")},
};

static const struct title classic_powershell[] = {
	{400, STR_INIT("Engine starts")},
	{403, STR_INIT("Engine stops")},
	{600, STR_INIT("Provider started")},
	{800, STR_INIT("Pipeline run")},
};

static const struct title dns_server[] = {
	{256, STR_INIT("Query received")},
	{257, STR_INIT("Response sent")},
	{258, STR_INIT("Response with an error")},
	{259, STR_INIT("Query ignored")},
	{260, STR_INIT("Recursive query sent")},
	{261, STR_INIT("Response to a recursive query")},
	{262, STR_INIT("Recursive query timed out")},
	{263, STR_INIT("Dynamic update received")},
	{264, STR_INIT("Dynamic update answered")},
	{265, STR_INIT("Incremental transfer asked of a master")},
	{266, STR_INIT("Incremental transfer requested")},
	{267, STR_INIT("Incremental transfer answered")},
	{268, STR_INIT("Incremental transfer received")},
	{269, STR_INIT("Zone transfer asked of a master")},
	{270, STR_INIT("Zone transfer requested")},
	{271, STR_INIT("Zone transfer answered")},
	{272, STR_INIT("Zone transfer received")},
	{273, STR_INIT("Zone change notice received")},
	{274, STR_INIT("Zone change notice sent")},
	{279, STR_INIT("Internal lookup of an alias")},
	{280, STR_INIT("Internal lookup of further records")},
	{512, STR_INIT("Zone created")},
	{513, STR_INIT("Zone deleted")},
	{514, STR_INIT("Zone setting changed")},
	{515, STR_INIT("Record created")},
	{516, STR_INIT("Record deleted")},
	{517, STR_INIT("Record set deleted")},
	{518, STR_INIT("Node deleted")},
	{519, STR_INIT("Record created by dynamic update")},
	{520, STR_INIT("Record deleted by dynamic update")},
	{537, STR_INIT("Forwarders changed")},
	{540, STR_INIT("Root hints changed")},
	{541, STR_INIT("Server setting changed")},
	{561, STR_INIT("Zone reloaded")},
	{577, STR_INIT("Server policy created")},
};

static const struct title classic_dns_server[] = {
	{2, STR_INIT("DNS server started")},
	{3, STR_INIT("DNS server stopped")},
	{4, STR_INIT("Background loading of zones finished")},
	{150, STR_INIT("Server plug-in failed to load")},
	{770, STR_INIT("Server plug-in loaded")},
	{6001, STR_INIT("Zone transferred to a remote server")},
	{6004, STR_INIT("Transfer of an unknown zone requested")},
};

static const struct title dns_client[] = {
	{1014, STR_INIT("No DNS server answered")},
	{3006, STR_INIT("Query called")},
	{3008, STR_INIT("Query finished")},
	{3010, STR_INIT("Query sent to a server")},
	{3011, STR_INIT("Response of a server received")},
	{3018, STR_INIT("Cache lookup")},
	{3020, STR_INIT("Query answered")},
};

static const struct title session_manager[] = {
	{21, STR_INIT("Session logon")},
	{22, STR_INIT("Session shell started")},
	{23, STR_INIT("Session logoff")},
	{24, STR_INIT("Session disconnected")},
	{25, STR_INIT("Session reconnected")},
	{39, STR_INIT("Session disconnected by another session")},
	{40, STR_INIT("Session disconnected, with a reason")},
};

static const struct title connection_manager[] = {
	{261, STR_INIT("Connection received by the listener")},
	{1149, STR_INIT("User authenticated (without NLA: tried)")},
};

static const struct title rdp_core[] = {
	{98, STR_INIT("Connection established")},
	{131, STR_INIT("Connection accepted")},
	{140, STR_INIT("Wrong user name or password")},
};

static const struct title rdp_client[] = {
	{1024, STR_INIT("Connecting to a server")},
	{1029, STR_INIT("Hash of the user name")},
	{1102, STR_INIT("Connecting to an address")},
};

static const struct title defender[] = {
	{1001, STR_INIT("Scan finished")},
	{1006, STR_INIT("Malware found")},
	{1007, STR_INIT("Action against malware")},
	{1116, STR_INIT("Malware detected")},
	{1117, STR_INIT("Action against malware taken")},
	{1118, STR_INIT("Action against malware failed")},
	{1119, STR_INIT("Action against malware failed critically")},
	{1150, STR_INIT("Client is up and running")},
	{1151, STR_INIT("Health report")},
	{2000, STR_INIT("Signatures updated")},
	{2001, STR_INIT("Signature update failed")},
	{5001, STR_INIT("Real-time protection disabled")},
	{5004, STR_INIT("Real-time protection changed")},
	{5007, STR_INIT("Configuration changed")},
	{5010, STR_INIT("Scan for malware disabled")},
	{5012, STR_INIT("Scan for viruses disabled")},
	{5013, STR_INIT("Change blocked by tamper protection")},
};

static const struct title task_scheduler[] = {
	{100, STR_INIT("Task started")},
	{102, STR_INIT("Task finished")},
	{103, STR_INIT("Action failed to start")},
	{106, STR_INIT("Task registered")},
	{107, STR_INIT("Task triggered by time")},
	{110, STR_INIT("Task triggered by a user")},
	{129, STR_INIT("Process of a task created")},
	{140, STR_INIT("Task updated")},
	{141, STR_INIT("Task deleted")},
	{142, STR_INIT("Task disabled")},
	{200, STR_INIT("Action started")},
	{201, STR_INIT("Action finished")},
};

static const struct title winrm[] = {
	{6, STR_INIT("Client session created")}, {91, STR_INIT("Shell created on the server")},
	{142, STR_INIT("Operation failed")},	 {161, STR_INIT("User authentication failed")},
	{169, STR_INIT("User authenticated")},
};

static const struct title bits_client[] = {
	{3, STR_INIT("Job created")},	    {4, STR_INIT("Job finished")},
	{5, STR_INIT("Job cancelled")},	    {59, STR_INIT("Transfer started")},
	{60, STR_INIT("Transfer stopped")}, {61, STR_INIT("Transfer stopped by an error")},
};

static const struct title wmi_activity[] = {
	{5857, STR_INIT("Provider started")},
	{5858, STR_INIT("Operation failed")},
	{5859, STR_INIT("Event filter registered")},
	{5860, STR_INIT("Temporary event consumer registered")},
	{5861, STR_INIT("Permanent event consumer registered")},
};

static const struct title firewall[] = {
	{2003, STR_INIT("Profile setting changed")},
	{2004, STR_INIT("Rule added")},
	{2005, STR_INIT("Rule changed")},
	{2006, STR_INIT("Rule deleted")},
	{2033, STR_INIT("All rules deleted")},
};

struct provider {
	struct str name;
	const struct title *titles;
	size_t count;
};

#define PROVIDER(name, titles)                                                                     \
	{                                                                                          \
		STR_INIT(name), titles, sizeof(titles) / sizeof((titles)[0])                       \
	}

static const struct provider providers[] = {
	PROVIDER("Microsoft-Windows-Security-Auditing", security_auditing),
	PROVIDER("Microsoft-Windows-Eventlog", eventlog),
	PROVIDER("EventLog", classic_eventlog),
	PROVIDER("Service Control Manager", service_control_manager),
	PROVIDER("Microsoft-Windows-Kernel-General", kernel_general),
	PROVIDER("Microsoft-Windows-Kernel-Power", kernel_power),
	PROVIDER("User32", user32),
	PROVIDER("Microsoft-Windows-Winlogon", winlogon),
	PROVIDER("Microsoft-Windows-UserPnp", user_pnp),
	PROVIDER("Microsoft-Windows-GroupPolicy", group_policy),
	PROVIDER("Microsoft-Windows-WindowsUpdateClient", update_client),
	PROVIDER("Application Error", application_error),
	PROVIDER("MsiInstaller", msi_installer),
	PROVIDER("Microsoft-Windows-Sysmon", sysmon),
	PROVIDER("Microsoft-Windows-PowerShell", powershell),
	PROVIDER("PowerShellCore", powershell),
	PROVIDER("PowerShell", classic_powershell),
	PROVIDER("Microsoft-Windows-DNSServer", dns_server),
	PROVIDER("Microsoft-Windows-DNS-Server-Service", classic_dns_server),
	PROVIDER("DNS", classic_dns_server),
	PROVIDER("Microsoft-Windows-DNS-Client", dns_client),
	PROVIDER("Microsoft-Windows-TerminalServices-LocalSessionManager", session_manager),
	PROVIDER("Microsoft-Windows-TerminalServices-RemoteConnectionManager", connection_manager),
	PROVIDER("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS", rdp_core),
	PROVIDER("Microsoft-Windows-TerminalServices-ClientActiveXCore", rdp_client),
	PROVIDER("Microsoft-Windows-Windows Defender", defender),
	PROVIDER("Microsoft-Windows-TaskScheduler", task_scheduler),
	PROVIDER("Microsoft-Windows-WinRM", winrm),
	PROVIDER("Microsoft-Windows-Bits-Client", bits_client),
	PROVIDER("Microsoft-Windows-WMI-Activity", wmi_activity),
	PROVIDER("Microsoft-Windows-Windows Firewall With Advanced Security", firewall),
};

static struct str find_title(const struct provider *provider, uint32_t event_id)
{
	for (size_t i = 0; i < provider->count; i++) {
		if (provider->titles[i].event_id == event_id)
			return provider->titles[i].text;
	}
	return STR("");
}

struct str title_of(struct str provider, uint32_t event_id)
{
	for (size_t i = 0; i < sizeof(providers) / sizeof(providers[0]); i++) {
		if (str_eq_nocase(providers[i].name, provider))
			return find_title(&providers[i], event_id);
	}
	return STR("");
}
