package qbotest

import (
	"net/http"
	"slices"
)

// Refusal is an error as QuickBooks words it.
type Refusal struct {
	Code    string
	Variant string // tells apart what has one code and different details; empty for the usual one
	Message string
	Detail  string
	Element string
	Type    string // ValidationFault if empty
	Status  int    // 400 if 0
}

func (r Refusal) fault() fault {
	return fault{code: r.Code, message: r.Message, detail: r.Detail, element: r.Element, status: r.Status, kind: r.Type}
}

const (
	systemFault    = "SystemFault"
	service        = "SERVICE"
	authentication = "AUTHENTICATION"
	oneNameAtATime = "You can only add or edit one name at a time. Please try again."
	oneItemAtATime = "You can only add or edit one product or service at a time. Please try again."
	msgSystem      = "An application error has occurred while processing your request"
)

// Refusals returns every error that [RefuseWith] knows: the catalogue of codes in its order, with the texts that have been seen
// where they have been.
func Refusals() []Refusal {
	return slices.Concat(accessRefusals(), generalRefusals(), formatRefusals(), referenceRefusals(), businessRefusals(), ruleRefusals())
}

func accessRefusals() []Refusal {
	return []Refusal{
		{Code: "3200", Message: "message=AuthenticationFailed; errorCode=003200; statusCode=401", Detail: "Token expired: AB01CANARY", Type: authentication, Status: http.StatusUnauthorized},
		{Code: "3202", Message: "message=EmptyField; errorCode=003202; statusCode=401", Detail: "oauth_token", Type: authentication, Status: http.StatusUnauthorized},
		{Code: "3100", Message: "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403", Type: service, Status: http.StatusForbidden},
		{Code: "3100", Variant: "outage", Message: "message=InternalServerError; errorCode=003100; statusCode=500", Type: service, Status: http.StatusInternalServerError},
		{Code: "3001", Message: "message=ThrottleExceeded; errorCode=003001; statusCode=429", Detail: msgThrottle, Type: service, Status: http.StatusTooManyRequests},
		{Code: "3001", Variant: "403", Message: "message=ThrottleExceeded; errorCode=003001; statusCode=403", Detail: msgThrottle, Type: service, Status: http.StatusForbidden},
		{Code: "100", Message: "General Authentication Error", Detail: "AuthenticationErrorGeneral: SRV-110-Authentication Failure", Type: "AuthenticationFault", Status: http.StatusUnauthorized},
		{Code: "110", Message: "Authentication OAuth Error", Detail: "AuthenticationOAuthError: token_rejected", Type: "AuthenticationFault", Status: http.StatusUnauthorized},
		{Code: "120", Message: "Authorization Failure", Detail: ": -11014-You do not have access to use QuickBooks Online Plus."},
		{Code: "120", Variant: "outage", Message: "Authorization Failure", Detail: "AuthorizationFailure: Unknown Error during Authentication, statusCode: 500", Type: "AuthorizatonFault", Status: http.StatusInternalServerError},
		{Code: "130", Message: "Accessing Wrong Cluster", Detail: "WrongClusterError: -1, statusCode: 302", Type: systemFault},
		{Code: "140", Message: "Company Locked Out", Detail: "CompanyLockedOut: -1, statusCode: 503", Type: systemFault},
		{Code: "150", Message: "Company Under Maintenance", Detail: "CompanyUnderMaintenance: -1, statusCode: 503", Type: systemFault},
	}
}

func generalRefusals() []Refusal {
	return []Refusal{
		{Code: "10000", Message: msgSystem, Detail: "System Failure Error: java.lang.NullPointerException", Type: systemFault},
		{Code: "10000", Variant: "500", Message: msgSystem, Detail: "System Failure Error: java.lang.NullPointerException", Type: systemFault, Status: http.StatusInternalServerError},
		{Code: "10000", Variant: "path", Message: msgSystem, Detail: "System Failure Error: Could not find resource for relative : /v3/company/1/x", Type: systemFault, Status: http.StatusNotFound},
		{Code: "10100", Message: "Result Set Big", Detail: "The result for the query is too large", Type: systemFault},
		{Code: "10200", Message: "Company Reset", Detail: "Company has been reset. Request for CUD is stale", Type: systemFault},
		{Code: "500", Message: "Unsupported Operation", Detail: "Operation merge is not supported."},
		{Code: "500", Variant: "UTF-8", Message: "Unsupported Operation", Detail: "Operation " + msgUTF8 + " is not supported."},
		{Code: "600", Message: "Duplicate Request ID", Detail: "Duplicate Request ID : 1"},
		{Code: "610", Message: "Object Not Found", Detail: notFound().detail},
		{Code: "610", Variant: "deleted", Message: "Object Not Found", Detail: "Object Not Found : Another user has deleted this transaction."},
		{Code: "620", Message: "Txn ID Cannot Be Linked", Detail: "Transaction ID 1 cannot be linked"},
		{Code: "630", Message: "Duplicate Object", Detail: "Another object has the same properties"},
		{Code: "700", Message: "Parent Reference Invalid", Detail: "The parent is not a valid reference"},
		{Code: "800", Message: "Cannot delete object", Detail: "The object cannot be deleted because others depend on it"},
		{Code: "900", Message: "Parent cannot be child", Detail: "An object cannot be its own parent"},
		{Code: "1000", Message: "Operation failed", Detail: "Operation create failed for object"},
		{Code: "1010", Message: "Create Failed", Detail: "Object creation failed"},
		{Code: "1020", Message: "Update Failed", Detail: "Object update failed"},
		{Code: "1040", Message: msgBatchSize, Detail: "Batch limit 30", Element: "BatchItemRequest"},
		{Code: "1050", Message: "Invalid Content Type", Detail: "Only XML and JSON are supported"},
	}
}

func formatRefusals() []Refusal {
	supplied := func(code, message, element string) Refusal {
		return Refusal{Code: code, Message: message, Detail: message + " : Supplied value:x", Element: element}
	}
	return []Refusal{
		{Code: "2000", Message: "Invalid or unsupported object name", Detail: "Object Name: Colour specified is unsupported or invalid"},
		{Code: "2010", Message: msgProperty, Detail: "Property Name:Colour specified is unsupported or invalid", Element: "Colour"},
		{Code: "2020", Message: msgRequired, Detail: "Required parameter Line is missing in the request", Element: "Line"},
		{Code: "2020", Variant: "item account", Message: msgRequired, Detail: "Required parameter ExpenseAccountRef or IncomeAccountRef is missing in the request"},
		supplied("2030", "Invalid ID", "Id"),
		{Code: "2040", Message: "Invalid String. The string value of element contains invalid characters", Detail: "Element contains invalid characters", Element: "DisplayName"},
		{
			Code: "2050", Message: "String length is either shorter or longer than supported by specification", Element: "DocNumber",
			Detail: "String length specified does not match the supported length. Min:0 Max:21 supported. Supplied length:45",
		},
		supplied("2060", "Invalid Date Format", "TxnDate"), supplied("2070", "Invalid Date", "TxnDate"),
		supplied("2080", "Invalid Number Format", "Qty"), supplied("2090", "Invalid Number", "Qty"),
		supplied("2100", "Invalid Decimal Format", "Line.Amount"), supplied("2110", "Invalid Decimal", "Line.Amount"),
		supplied("2120", "Invalid Type", "Type"), supplied("2130", "Invalid Request Id Format", "requestid"),
		supplied("2140", "Invalid Amount", "Line.Amount"), supplied("2150", "Invalid Percent", "DiscountPercent"),
		supplied("2160", "Invalid Quantity", "Qty"), supplied("2170", "Invalid Enumeration", "Type"),
		supplied("2180", "Invalid String Range", "Name"), supplied("2190", "Invalid Date Range", "TxnDate"),
		supplied("2200", "Malformed Web Address Format", "WebAddr"), supplied("2210", "Invalid Email Address format", "PrimaryEmailAddr"),
		supplied("2220", "Invalid Currency Type", "CurrencyRef"), supplied("2230", "Invalid Boolean", "Active"), supplied("2240", "Invalid Number Range", "Qty"),
		{Code: "2250", Message: "Missing lines", Detail: "You must enter at least one split line", Element: "Line"},
		{Code: "2260", Message: "MissingPostingType", Detail: "A posting type is required. Valid values are Credit or Debit", Element: "PostingType"},
		{Code: "2270", Message: "MissingTaxApplicableOn", Detail: "TaxApplicableOn is required", Element: "TaxApplicableOn"},
		{Code: "2280", Message: "MissingTaxAmount", Detail: "A tax amount is required with TaxCodeRef applied", Element: "TaxAmount"},
		{Code: "2290", Message: "NegativeAmount", Detail: "Negative amounts are not supported on transaction lines", Element: "Line.Amount"},
		{Code: "2300", Message: "Amount on debits not equal to credits", Detail: "Please balance debits and credits", Element: "Line.Amount"},
	}
}

func referenceRefusals() []Refusal {
	notFound := func(variant, plural string) Refusal {
		return Refusal{Code: "2500", Variant: variant, Message: msgRef, Detail: "Invalid Reference Id : " + plural + " element id 583 not found", Element: "Reference Id"}
	}
	return []Refusal{
		notFound("", "Names"), notFound("account", "Accounts"), notFound("class", "Klasses"),
		{Code: "2500", Variant: "inactive", Message: msgRef, Detail: inactiveReference().detail},
		{Code: "2500", Variant: "category", Message: msgRef, Detail: "Invalid Reference Id : An item in this transaction is set up as a category instead of a product or service."},
		{Code: "2600", Message: "Invalid Request Conflict Element in Request", Detail: "Conflicting elements found in the request"},
		{Code: "3000", Message: "Invalid Custom Field", Detail: "The custom field is not valid", Element: "CustomField"},
		{Code: "4000", Message: "Error parsing query", Detail: `QueryParserError: Encountered " <IDENTIFIER> "TxnDate "" at line 1, column 29.`},
		{Code: "4000", Variant: "apostrophe", Message: "Error parsing query", Detail: `QueryParserError: Encountered " <STRING> "'s" at line 1, column 48`},
		{Code: "4001", Message: msgQuery, Detail: "QueryValidationError: Property NoSuchField not found for Entity Purchase"},
		{Code: "4001", Variant: "position", Message: msgQuery, Detail: "QueryValidationError: value 0 is too small. Min allowed value is 1"},
		{Code: "4002", Message: "The query could not be processed", Detail: "QueryProcessingError: timeout"},
		{Code: "5000", Message: "Deprecated field", Detail: "The request has a deprecated field"},
		{Code: "5010", Message: "Stale Object Error", Detail: stale().detail},
		{Code: "5020", Message: "Permission Denied Error", Detail: "Permission Denied Error : You do not have sufficient permission to perform this action."},
		{Code: "5030", Message: "Feature Not Supported Error", Detail: "Feature Not Supported Error : The requested feature is not supported"},
	}
}

func businessRefusals() []Refusal {
	because := func(variant, detail string) Refusal {
		return Refusal{Code: "6000", Variant: variant, Message: msgBusiness, Detail: "Business Validation Error: " + detail}
	}
	name := func(variant, detail string) Refusal {
		return Refusal{Code: "6240", Variant: variant, Message: duplicateName(detail).message, Detail: duplicateName(detail).detail}
	}
	return []Refusal{
		because("", "The transaction amount must be 0 or greater."),
		because("one name", oneNameAtATime), because("one product", oneItemAtATime),
		because("no amount", "You must set a transaction amount."),
		because("currency", "Multi Currency should be enabled to perform this operation"),
		because("internal", "Unexpected Internal Error. (-30003)"),
		because("tax engine", "We're sorry, QuickBooks encountered an error while calculating tax."),
		because("later", "Something's not quite right. Please try again later."),
		name("", "Another customer, vendor or employee is already using this \nname. Please use a different \nname."),
		name("null", "null"), name("id", "Id=425"), name("dollars", "Another $$customer$$ is already using this name. Please use a different name."),
		name("tax rate", "Another tax rate is already using this \nname. Please use a different name."),
		{
			Code: "6140", Message: "Duplicate Document Number Error",
			Detail: "Duplicate Document Number Error : You must specify a different number. This number has already been used.",
		},
		{
			Code: "6140", Variant: "id", Message: "Duplicate Document Number Error",
			Detail: "Duplicate Document Number Error : You must specify a different number. This number has already been used. DocNumber=18696 is assigned to TxnType=Invoice with TxnId=6575",
		},
		{Code: "6190", Message: lockedCompany().message, Detail: lockedCompany().detail},
		{Code: "6200", Message: "Account Period Closed Error", Detail: "The account period has closed"},
		{Code: "6210", Message: closedPeriod().message, Detail: closedPeriod().detail},
	}
}

// ruleRefusals are those whose detail nobody has quoted; theirs is that of the catalogue.
func ruleRefusals() []Refusal {
	var out []Refusal
	for _, r := range [][3]string{
		{"6010", "Invalid Account.AccountType && Account.SubType", "Either Account.AccountType or Account.AccountSubType must be specified"},
		{"6020", "Content length missing in request", "Cannot find the content-length header"},
		{"6030", "Upload request size exceeds allowed limit", "The file size exceeds the limit"},
		{"6040", "The file metadata must be of Attachable type", "Supplied Type: x"},
		{"6041", "Invalid Uploaded File", "The uploaded file is not valid"},
		{"6050", "The entity reference type is unsupported for Attachable", "Entity reference type x is not supported"},
		{"6060", "Account.OpenBalanceDate must be specified with Account.OpenBalance", "OpenBalanceDate is missing"},
		{"6070", "Amount calculation incorrect in the request.", "Amount is not equal to UnitPrice * Qty. Supplied value:1,000"},
		{"6080", "No Name Provided", "At least one of Title, GivenName, MiddleName, FamilyName, DisplayName, Suffix must be specified"},
		{"6090", "Discount Line missing required info", "A discount amount or percent is required"},
		{"6100", "Invalid Line TaxCode in the request", "Supplied value:x"},
		{"6110", "MAS Transaction cannot be updated", "The transaction cannot be updated"},
		{"6120", "MAS Transaction cannot be deleted", "The transaction cannot be deleted"},
		{"6130", "Cannot change who customer bills with", "Invoices are connected to the parent"},
		{"6150", "ParentRef Required Validation Error", "ParentRef is required"},
		{"6160", "Invalid TaxCodeRef Error", "CustomSalesTax cannot be used to create a transaction"},
		{"6170", "Invalid TxnTaxDetail Error", "TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable"},
		{"6180", "Sub Level Limit", "You can nest up to 5 levels"},
		{"6220", "Delete Entity Has Balance Error", "The object has an open balance"},
		{"6230", "Invalid TaxCodeRef Error", "CustomSalesTax cannot be used to update a transaction"},
		{"6250", "InvalidSalesCustomer", "Customer 1 does not exist or is inactive"},
		{"6270", "InventoryTxnDatedBeforeItemStartDate", "Transactions cannot be dated earlier than the inventory start date"},
		{"6280", "Delete Customer Has Unbilled Expenses Error", "The customer has unbilled charges"},
		{"6290", "InvalidEmployeeOrVendor", "Either an employee or a vendor must be specified"},
		{"6300", "InvalidEmployeeOrVendorName", "The name must be Employee or Vendor"},
		{"6310", "MissingCustomer", "A customer is required if the transaction is billable"},
		{"6320", "InvalidBillable", "Invalid billable status: x"},
		{"6330", "MissingBillingRate", "Invalid hourly rate: x"},
		{"6420", "Email address is required", "An e-mail address is required for delivery by e-mail"},
		{"6430", "Invalid account type used", "Invalid account type: x"},
		{"6440", "Transaction Detail Information Required", "A product, service or account must be selected for each line"},
		{"6450", "Attempt to Void Transaction failed", "The transaction is settled"},
		{"6460", "Invoice MAS Transaction Deposit Amount mismatch", "Deposit and credit card amount do not match"},
		{"6470", "TaxLiabilityAccount or TaxRateError", "A tax is not allowed here, or has no rate"},
		{"6480", "Matched Transaction Delete Error", "The transaction is matched to another one"},
		{"6520", "Missing Tracked Inventory Item Quantity", "The tracked inventory item must have a quantity"},
		{"6530", "Found raw Credit Card Numbering request", "Raw credit card numbers are not allowed"},
		{"6540", "Deposited Transaction cannot be changed", "This transaction is part of a deposit. To change or delete it, remove it from the deposit first"},
	} {
		out = append(out, Refusal{Code: r[0], Message: r[1], Detail: r[2]})
	}
	return out
}
