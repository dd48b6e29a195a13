package wootest

// What a record is before anything is set, with the keys of the API in their
// order.
const (
	emptyProduct = `{"id":0,"name":"Product","slug":"","permalink":"","date_created":"2026-11-23T17:42:26"` +
		`,"date_created_gmt":"2026-11-23T16:42:26","date_modified":"2026-11-23T17:42:26"` +
		`,"date_modified_gmt":"2026-11-23T16:42:26","type":"simple","status":"publish","featured":false` +
		`,"catalog_visibility":"visible","description":"","short_description":"","sku":"","price":"","regular_price":""` +
		`,"sale_price":"","date_on_sale_from":null,"date_on_sale_from_gmt":null,"date_on_sale_to":null` +
		`,"date_on_sale_to_gmt":null,"on_sale":false,"purchasable":false,"total_sales":0,"virtual":false` +
		`,"downloadable":false,"downloads":[],"download_limit":-1,"download_expiry":-1,"external_url":"","button_text":""` +
		`,"tax_status":"taxable","tax_class":"","manage_stock":false,"stock_quantity":null,"backorders":"no"` +
		`,"backorders_allowed":false,"backordered":false,"low_stock_amount":null,"sold_individually":false,"weight":""` +
		`,"dimensions":{"length":"","width":"","height":""},"shipping_required":true,"shipping_taxable":true` +
		`,"shipping_class":"","shipping_class_id":0,"reviews_allowed":true,"average_rating":"0.00","rating_count":0` +
		`,"upsell_ids":[],"cross_sell_ids":[],"parent_id":0,"purchase_note":"","categories":[{"id":15` +
		`,"name":"Uncategorized","slug":"uncategorized"}],"brands":[],"tags":[],"images":[],"attributes":[]` +
		`,"default_attributes":[],"variations":[],"grouped_products":[],"menu_order":0,"price_html":"","related_ids":[]` +
		`,"meta_data":[],"stock_status":"instock","has_options":false,"post_password":"","global_unique_id":""` +
		`,"_links":{}}`

	emptyVariation = `{"id":0,"type":"variation","date_created":"2026-11-23T17:42:27","date_created_gmt":"2026-11-23T16:42:27"` +
		`,"date_modified":"2026-11-23T17:42:27","date_modified_gmt":"2026-11-23T16:42:27","description":"","permalink":""` +
		`,"sku":"","global_unique_id":"","price":"","regular_price":"","sale_price":"","date_on_sale_from":null` +
		`,"date_on_sale_from_gmt":null,"date_on_sale_to":null,"date_on_sale_to_gmt":null,"on_sale":false` +
		`,"status":"publish","purchasable":false,"virtual":false,"downloadable":false,"downloads":[],"download_limit":-1` +
		`,"download_expiry":-1,"tax_status":"taxable","tax_class":"","manage_stock":false,"stock_quantity":null` +
		`,"stock_status":"instock","backorders":"no","backorders_allowed":false,"backordered":false` +
		`,"low_stock_amount":null,"weight":"","dimensions":{"length":"","width":"","height":""},"shipping_class":""` +
		`,"shipping_class_id":0,"image":null,"gallery_image_ids":[],"attributes":[],"menu_order":0,"meta_data":[]` +
		`,"name":"","parent_id":0,"_links":{}}`

	emptyCoupon = `{"id":0,"code":"","amount":"0.00","status":"publish","date_created":"","date_created_gmt":"","date_modified":""` +
		`,"date_modified_gmt":"","discount_type":"fixed_cart","description":"","date_expires":null` +
		`,"date_expires_gmt":null,"usage_count":0,"individual_use":false,"product_ids":[],"excluded_product_ids":[]` +
		`,"usage_limit":null,"usage_limit_per_user":null,"limit_usage_to_x_items":null,"free_shipping":false` +
		`,"product_categories":[],"excluded_product_categories":[],"exclude_sale_items":false,"minimum_amount":"0.00"` +
		`,"maximum_amount":"0.00","email_restrictions":[],"used_by":[],"meta_data":[],"_links":{}}`

	emptyCustomer = `{"id":0,"date_created":"","date_created_gmt":"","date_modified":null,"date_modified_gmt":null,"email":""` +
		`,"first_name":"","last_name":"","role":"customer","username":"","billing":{"first_name":"","last_name":""` +
		`,"company":"","address_1":"","address_2":"","city":"","postcode":"","country":"","state":"","email":""` +
		`,"phone":""},"shipping":{"first_name":"","last_name":"","company":"","address_1":"","address_2":"","city":""` +
		`,"postcode":"","country":"","state":"","phone":""},"is_paying_customer":false,"avatar_url":"","meta_data":[]` +
		`,"_links":{}}`
)
